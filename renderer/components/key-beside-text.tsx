import { KeyRound } from 'lucide-react';
import type { WireError } from '../../electron/contract/app-error.ts';
import { describeError } from '../lib/describe-error.ts';
import { openChatSettings } from '../lib/generation-store.ts';

interface KeyBesideTextProps {
  readonly error: WireError;
  /** What the button says that goes on all the same. */
  readonly anyway: 'Attach anyway' | 'Send anyway';
  /** null where that is not offered. */
  readonly onAnyway: (() => void) | null;
  readonly onDismiss: () => void;
}

/** There seems to be a key in a file, the system prompt or the summary: it stays here, or goes on as it is. */
export function KeyBesideText({ error, anyway, onAnyway, onDismiss }: KeyBesideTextProps) {
  const { title, body } = describeError(error);
  const openSettings = (): void => {
    onDismiss();
    openChatSettings();
  };
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line bg-warn-soft py-2.5 pr-2.5 pl-3 text-[13px]"
    >
      <KeyRound size={16} className="shrink-0 text-warn" aria-hidden />
      <div className="min-w-[220px] flex-1 wrap-anywhere">
        <p className="font-semibold">{title}</p>
        <p className="text-ink-2">{body}</p>
      </div>
      {(error.details['place'] ?? error.details['field']) === 'systemPrompt' ? (
        <button type="button" className="button button-small" onClick={openSettings}>
          Open settings
        </button>
      ) : (
        <button type="button" className="button button-small" onClick={onDismiss}>
          Dismiss
        </button>
      )}
      {onAnyway !== null && (
        <button type="button" className="button button-small button-quiet" onClick={onAnyway}>
          {anyway}
        </button>
      )}
    </div>
  );
}
