import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { WireError } from '../../electron/contract/app-error.ts';
import { describeError } from '../lib/describe-error.ts';
import { openKeyWindow } from '../lib/key-actions.ts';

interface KeyInMessageProps {
  /** `details.start` and `details.length` say where in the text the key stands. */
  readonly error: WireError;
  /** What stands in the field now. */
  readonly text: string;
  readonly onChangeText: (text: string) => void;
  readonly onSendAnyway: () => void;
  readonly onDismiss: () => void;
}

/** A key was about to be sent as a message: takes it out and opens the window that keys belong in, or sends it as it is. */
export function KeyInMessage({ error, text, onChangeText, onSendAnyway, onDismiss }: KeyInMessageProps) {
  const { title, body } = describeError(error);
  // What was refused is the text of that moment: once it is written on, neither button knows what it would do.
  const [refused] = useState(text);
  const move = (): void => {
    const { start, length } = error.details;
    if (typeof start === 'number' && typeof length === 'number')
      onChangeText((text.slice(0, start) + text.slice(start + length)).trim());
    onDismiss();
    openKeyWindow(null);
  };
  if (text !== refused) return null;
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
      <button type="button" className="button button-small button-quiet" onClick={onSendAnyway}>
        Send anyway
      </button>
    </div>
  );
}
