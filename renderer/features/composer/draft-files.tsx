import { X } from 'lucide-react';
import type { Attachment } from '../../../electron/contract/model/attachment.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { KeyBesideText } from '../../components/key-beside-text.tsx';
import { FileGlyph } from '../../components/file-glyph.tsx';
import { dismissFileProblem, removeDraftFile } from '../../lib/attachment-actions.ts';
import { useDraftFiles } from '../../lib/attachment-store.ts';
import { formatBytes } from '../../lib/format.ts';
import { pictureUrl } from '../../lib/picture-url.ts';
import { useSelection } from '../../lib/selection.ts';

const CHIP =
  'flex h-10 max-w-[260px] items-center gap-2 rounded-lg border border-line bg-sunken pr-1 pl-2 text-[13px]';

interface DraftFilesProps {
  readonly conversationId: string | null;
  /** The button that had the focus is gone then. */
  readonly onRemove: () => void;
}

/** The files that will go with the message, those on their way among them. */
export function DraftFiles({ conversationId, onRemove }: DraftFilesProps) {
  const { files, pending } = useDraftFiles(conversationId);
  if (files.length === 0 && pending.length === 0) return null;
  return (
    <ul
      aria-label="Attachments"
      className="flex max-h-[30vh] flex-wrap gap-2 overflow-y-auto px-3 pt-3"
      tabIndex={-1}
    >
      {files.map((file) => (
        <li key={file.id} className={CHIP}>
          <Thumbnail file={file} />
          <span dir="auto" className="min-w-0 truncate" title={file.name}>
            {file.name}
          </span>
          <span className="shrink-0 text-[12px] text-ink-3 tabular-nums">{formatBytes(file.byteCount)}</span>
          <button
            type="button"
            className="icon-button size-7"
            aria-label={`Remove ${file.name}`}
            title="Remove"
            onClick={() => {
              void removeDraftFile(conversationId, file);
              onRemove();
            }}
          >
            <X size={14} aria-hidden />
          </button>
        </li>
      ))}
      {pending.map(({ id, name }) => (
        <li key={id} className={`${CHIP} pr-3 text-ink-2`} aria-busy>
          <span className="pulse size-2 shrink-0 rounded-full bg-accent" aria-hidden />
          <span dir="auto" className="min-w-0 truncate" title={name}>
            {name}
          </span>
          <span className="shrink-0 text-[12px] text-ink-3">Preparing</span>
        </li>
      ))}
    </ul>
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

/** Why files are not among those of the message. */
export function FileProblems({ conversationId }: { readonly conversationId: string | null }) {
  const { problems } = useDraftFiles(conversationId);
  const { connection } = useSelection();
  return problems.map(({ id, error, onAttachAnyway }) => {
    const onDismiss = (): void => dismissFileProblem(conversationId, id);
    if (onAttachAnyway === null) {
      const connectionId = connection?.id ?? null;
      return (
        <ErrorCard key={id} error={error} connectionId={connectionId} onRetry={null} onDismiss={onDismiss} />
      );
    }
    const props = { error, onDismiss, onAnyway: onAttachAnyway, anyway: 'Attach anyway' } as const;
    return <KeyBesideText key={id} {...props} />;
  });
}
