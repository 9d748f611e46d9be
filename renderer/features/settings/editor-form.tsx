import { useState } from 'react';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { Confirm } from '../../components/confirm.tsx';
import { isComposing } from '../../lib/send-key.ts';

interface EditorFormProps {
  readonly name: string;
  /** There is something in it that closing would lose. */
  readonly isChanged: boolean;
  readonly onSubmit: (event: FormEvent) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form inside the settings. Esc closes it before the dialog around it, and asks first where something was written. */
export function EditorForm({ name, isChanged, onSubmit, onClose, children }: EditorFormProps) {
  const [isAsking, setIsAsking] = useState(false);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    // What is pressed in the question comes by here, too: to React it is inside the form.
    const isOwn = event.target instanceof Node && event.currentTarget.contains(event.target);
    if (event.key !== 'Escape' || isComposing(event) || !isOwn) return;
    event.stopPropagation();
    event.preventDefault();
    if (isChanged) setIsAsking(true);
    else onClose();
  };
  return (
    <form
      aria-label={name}
      className="mt-2 flex flex-col gap-4 rounded-[10px] border border-line bg-canvas px-4 py-3"
      onSubmit={onSubmit}
      onKeyDown={onKeyDown}
    >
      {children}
      <Confirm
        isOpen={isAsking}
        title="Discard what you wrote?"
        body="It is not saved. Cancel goes back to it."
        verb="Discard"
        onConfirm={onClose}
        onClose={() => setIsAsking(false)}
      />
    </form>
  );
}
