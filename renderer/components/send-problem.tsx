import type { WireError } from '../../electron/contract/app-error.ts';
import type { ActionError } from '../lib/view-store.ts';
import { ErrorCard } from './error-card.tsx';
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
  if (error.code.startsWith('budget/') && retry !== null)
    return <OverBudget error={error} retry={retry} onDismiss={onDismiss} />;
  return <ErrorCard error={error} connectionId={connectionId} onRetry={retry} onDismiss={onDismiss} />;
}
