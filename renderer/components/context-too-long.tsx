import type { WireError } from '../../electron/contract/app-error.ts';
import { ErrorCard } from './error-card.tsx';

interface ContextTooLongProps {
  readonly error: WireError;
  readonly connectionId: string | null;
  /** Sends it without the oldest messages; null where none can go. */
  readonly onLeaveOut: (() => void) | null;
  /** null where there is nothing before the last message. */
  readonly onSummarise: (() => void) | null;
  readonly onDismiss?: () => void;
}

/** A conversation does not fit its model any more: what can be done about it. */
export function ContextTooLong({
  error,
  connectionId,
  onLeaveOut,
  onSummarise,
  onDismiss,
}: ContextTooLongProps) {
  return (
    <ErrorCard
      error={error}
      connectionId={connectionId}
      onRetry={null}
      {...(onDismiss === undefined ? {} : { onDismiss })}
    >
      {onLeaveOut !== null && (
        <button type="button" className="button button-small" onClick={onLeaveOut}>
          Leave out the oldest messages
        </button>
      )}
      {onSummarise !== null && (
        <button type="button" className="button button-small" onClick={onSummarise}>
          Summarise earlier messages
        </button>
      )}
    </ErrorCard>
  );
}
