import type { WireError } from '../../electron/contract/app-error.ts';
import { useSelection } from '../lib/selection.ts';
import { summarise } from '../lib/summaries.ts';
import { useView } from '../lib/view-store.ts';
import type { ActionError } from '../lib/view-store.ts';
import { ContextTooLong } from './context-too-long.tsx';
import { ErrorCard } from './error-card.tsx';
import { KeyBesideText } from './key-beside-text.tsx';
import { KeyInMessage } from './key-in-message.tsx';
import { OverBudget } from './over-budget.tsx';

interface SendProblemProps {
  readonly error: WireError;
  readonly retry: ActionError['retry'];
  readonly connectionId: string | null;
  /** What stands in the field that was to be sent. */
  readonly text: string;
  readonly onChangeText: (text: string) => void;
  readonly onDismiss: () => void;
}

/** Why a message did not leave, with the way on: wherever messages are written. */
export function SendProblem({ error, retry, connectionId, text, onChangeText, onDismiss }: SendProblemProps) {
  if (error.code === 'secret/key-in-message' && retry !== null) {
    const onSendAnyway = (): void => retry({ isKeyIntended: true });
    const { file, place } = error.details;
    if (typeof file === 'string' || typeof place === 'string') {
      const props = { error, onDismiss, onAnyway: onSendAnyway, anyway: 'Send anyway' } as const;
      return <KeyBesideText {...props} />;
    }
    return (
      <KeyInMessage
        error={error}
        text={text}
        onChangeText={onChangeText}
        onSendAnyway={onSendAnyway}
        onDismiss={onDismiss}
      />
    );
  }
  if (error.code === 'secret/key-in-field')
    return <KeyBesideText error={error} anyway="Send anyway" onAnyway={null} onDismiss={onDismiss} />;
  if (error.code.startsWith('budget/') && retry !== null)
    return <OverBudget error={error} retry={retry} onDismiss={onDismiss} />;
  if (error.code === 'request/context-too-long' && Number(error.details['omittedCount'] ?? 0) > 0)
    return <TooLong error={error} retry={retry} onDismiss={onDismiss} />;
  return <ErrorCard error={error} connectionId={connectionId} onRetry={retry} onDismiss={onDismiss} />;
}

/** Nothing was sent: the person wants to be asked before older messages are left out. */
function TooLong({ error, retry, onDismiss }: Pick<SendProblemProps, 'error' | 'retry' | 'onDismiss'>) {
  const conversationId = useView((state) => state.conversationId);
  const { connection, keyId, model } = useSelection();
  const target = connection === null || model === '' ? null : { connectionId: connection.id, keyId, model };
  const canSummarise = conversationId !== null && target !== null;
  return (
    <ContextTooLong
      error={error}
      connectionId={connection?.id ?? null}
      onLeaveOut={retry === null ? null : () => retry({ isOmissionAccepted: true })}
      onSummarise={canSummarise ? () => void summarise(conversationId, target) : null}
      onDismiss={onDismiss}
    />
  );
}
