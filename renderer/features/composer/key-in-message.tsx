import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { WireError } from '../../../electron/contract/app-error.ts';
import { sendDraft } from '../../lib/chat-actions.ts';
import type { Target } from '../../lib/chat-actions.ts';
import { describeError } from '../../lib/describe-error.ts';
import { draftOf, flushDraft, useDraft, writeDraft } from '../../lib/draft-store.ts';
import { openKeyWindow } from '../../lib/key-actions.ts';
import { useView } from '../../lib/view-store.ts';

interface KeyInMessageProps {
  readonly conversationId: string | null;
  /** `details.start` and `details.length` say where in the draft the key stands. */
  readonly error: WireError;
  readonly target: Target;
}

/** A key was about to be sent as a message: takes it out and opens the window that keys belong in, or sends it as it is. */
export function KeyInMessage({ conversationId, error, target }: KeyInMessageProps) {
  const { title, body } = describeError(error);
  // What was refused is the draft of that moment: once it is written on, neither button knows what it would do.
  const [refused] = useState(() => draftOf(conversationId));
  const draft = useDraft(conversationId);
  const dismiss = (): void => useView.setState({ actionError: null });
  const move = (): void => {
    const { start, length } = error.details;
    const text = draftOf(conversationId);
    if (typeof start === 'number' && typeof length === 'number') {
      writeDraft(conversationId, (text.slice(0, start) + text.slice(start + length)).trim());
      flushDraft(conversationId);
    }
    dismiss();
    openKeyWindow(null);
  };
  if (draft !== refused) return null;
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line bg-warn-soft py-2.5 pr-2.5 pl-3 text-[13px]"
    >
      <KeyRound size={16} className="shrink-0 text-warn" aria-hidden />
      <div className="min-w-[220px] flex-1">
        <p className="font-semibold">{title}</p>
        <p className="text-ink-2">{body}</p>
      </div>
      <button type="button" className="button button-small" onClick={move}>
        Use the key window
      </button>
      <button
        type="button"
        className="button button-small button-quiet"
        onClick={() => void sendDraft(conversationId, target, { isKeyIntended: true })}
      >
        Send anyway
      </button>
    </div>
  );
}
