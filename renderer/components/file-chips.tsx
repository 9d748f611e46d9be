import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Attachment } from '../../electron/contract/model/attachment.ts';
import { formatBytes } from '../lib/format.ts';
import { pictureUrl } from '../lib/picture-url.ts';
import { useRefusedKinds } from '../lib/use-refused-kinds.ts';
import { focusControl } from './error-card.tsx';
import { FileGlyph } from './file-glyph.tsx';
import { FileName } from './file-name.tsx';

const CHIP = 'flex h-10 items-center gap-2 rounded-lg border bg-sunken pr-1 pl-2 text-[13px]';

interface FileChipsProps {
  readonly files: readonly Attachment[];
  /** The button that had the focus is gone then. */
  readonly onRemove: (file: Attachment) => void;
  /** What stands behind them in the same list. */
  readonly children?: ReactNode;
}

/** The files that will go with a message. One that the model does not take says so before it is sent. */
export function FileChips({ files, onRemove, children }: FileChipsProps) {
  const { model, kinds } = useRefusedKinds();
  const refused = files.filter(({ kind }) => kinds.includes(kind));
  return (
    <>
      <ul
        aria-label="Attachments"
        className="flex max-h-[30vh] flex-wrap gap-2 overflow-y-auto px-3 pt-3"
        tabIndex={-1}
      >
        {files.map((file) => (
          <FileChip
            key={file.id}
            file={file}
            refusedBy={refused.includes(file) ? model : null}
            onRemove={() => onRemove(file)}
          />
        ))}
        {children}
      </ul>
      {refused.length > 0 && (
        <p role="status" className="flex flex-wrap items-center gap-x-2 px-4 pt-2 text-[13px] text-warn">
          {describeRefused(refused, model)}
          <button
            type="button"
            className="button button-small button-quiet -my-1"
            onClick={() => focusControl('[aria-label="Model"]')}
          >
            Choose a model
          </button>
        </p>
      )}
    </>
  );
}

function FileChip({
  file,
  refusedBy,
  onRemove,
}: {
  readonly file: Attachment;
  /** The model that does not take it, or null. */
  readonly refusedBy: string | null;
  readonly onRemove: () => void;
}) {
  return (
    <li
      className={`${CHIP} ${refusedBy === null ? 'max-w-[260px] border-line' : 'max-w-[400px] border-warn'}`}
    >
      <Thumbnail file={file} />
      <FileName name={file.name} />
      {refusedBy === null ? (
        <span className="shrink-0 text-[12px] text-ink-3 tabular-nums">{formatBytes(file.byteCount)}</span>
      ) : (
        <span
          className="max-w-[180px] shrink-0 truncate text-[12px] text-warn"
          title={`Not taken by ${refusedBy}`}
        >
          Not taken by {refusedBy}
        </span>
      )}
      <button
        type="button"
        className="icon-button size-7"
        aria-label={`Remove ${file.name}`}
        title="Remove"
        onClick={onRemove}
      >
        <X size={14} aria-hidden />
      </button>
    </li>
  );
}

/** A file that is on its way to the list. */
export function PendingChip({ name }: { readonly name: string }) {
  return (
    <li className={`${CHIP} max-w-[260px] border-line pr-3 text-ink-2`} aria-busy>
      <span className="pulse size-2 shrink-0 rounded-full bg-accent" aria-hidden />
      <FileName name={name} />
      <span className="shrink-0 text-[12px] text-ink-3">Preparing</span>
    </li>
  );
}

function Thumbnail({ file }: { readonly file: Attachment }) {
  if (file.kind !== 'image') return <FileGlyph kind={file.kind} />;
  return (
    <img
      src={pictureUrl(file.hash)}
      alt=""
      className="-ml-1 size-8 shrink-0 rounded-md border border-line object-cover"
      draggable={false}
    />
  );
}

function describeRefused(refused: readonly Attachment[], model: string): string {
  const kinds = new Set(refused.map(({ kind }) => (kind === 'image' ? 'pictures' : 'PDF files')));
  const what = [...kinds].join(' and no ');
  return `${model} takes no ${what}: choose another model, or remove ${refused.length === 1 ? 'it' : 'them'}.`;
}
