import { ErrorCard } from '../../components/error-card.tsx';
import { FileChips, PendingChip } from '../../components/file-chips.tsx';
import { KeyBesideText } from '../../components/key-beside-text.tsx';
import { dismissFileProblem, removeDraftFile } from '../../lib/attachment-actions.ts';
import { useDraftFiles } from '../../lib/attachment-store.ts';
import { useSelection } from '../../lib/selection.ts';

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
    <FileChips
      files={files}
      onRemove={(file) => {
        void removeDraftFile(conversationId, file);
        onRemove();
      }}
    >
      {pending.map(({ id, name }) => (
        <PendingChip key={id} name={name} />
      ))}
    </FileChips>
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
