import { useId } from 'react';

interface CheckRowProps {
  readonly name: string;
  readonly note: string;
  readonly isChecked: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

/** A box to check, its name, and a line about what that does. */
export function CheckRow({ name, note, isChecked, isDisabled = false, onChange }: CheckRowProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-1 items-start gap-3">
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-[var(--accent)]"
        checked={isChecked}
        disabled={isDisabled}
        aria-describedby={`${id}-note`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {name}
        </label>
        <p id={`${id}-note`} className="text-ink-3">
          {note}
        </p>
      </div>
    </div>
  );
}
