import { Download } from 'lucide-react';
import type { Attachment } from '../../../electron/contract/model/attachment.ts';
import { FileGlyph } from '../../components/file-glyph.tsx';
import { FileName } from '../../components/file-name.tsx';
import { Picture } from '../../components/picture.tsx';
import { saveFile } from '../../lib/attachment-actions.ts';
import { formatBytes } from '../../lib/format.ts';

/** The files that go with a question: pictures to look at, the rest by name. */
export function MessageFiles({ files }: { readonly files: readonly Attachment[] }) {
  if (files.length === 0) return null;
  const pictures = files.filter(({ kind }) => kind === 'image');
  const others = files.filter(({ kind }) => kind !== 'image');
  return (
    <div className="mb-2 flex max-w-[88%] flex-col items-end gap-2">
      {pictures.length > 0 && (
        <ul aria-label="Pictures" className="flex flex-wrap justify-end gap-2">
          {pictures.map((picture) => (
            <li key={picture.id} className="max-w-full">
              <Picture
                picture={picture}
                className={
                  pictures.length === 1
                    ? 'block h-auto max-h-60 w-auto max-w-full object-contain'
                    : 'block size-32 object-cover'
                }
              />
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <ul aria-label="Files" className="flex flex-wrap justify-end gap-2">
          {others.map((file) => (
            <li key={file.id}>
              <SentFile file={file} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function SentFile({ file }: { readonly file: Attachment }) {
  return (
    <span className="flex h-9 max-w-[320px] items-center gap-2 rounded-lg border border-line bg-sunken pr-1 pl-2.5 text-[13px]">
      <FileGlyph kind={file.kind} />
      <FileName name={file.name} />
      <span className="shrink-0 text-[12px] text-ink-3 tabular-nums">{formatBytes(file.byteCount)}</span>
      <button
        type="button"
        className="icon-button size-7"
        aria-label={`Save ${file.name}`}
        title="Save as"
        onClick={() => void saveFile(file)}
      >
        <Download size={14} aria-hidden />
      </button>
    </span>
  );
}
