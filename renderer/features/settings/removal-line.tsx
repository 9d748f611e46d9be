import { useEffect } from 'react';
import type { Removal } from '../../lib/preset-actions.ts';

interface RemovalLineProps {
  readonly removal: Removal;
  readonly onOver: () => void;
}

/** Says what was just removed, with the way back for as long as there is one. A toast could not be reached behind the dialog. */
export function RemovalLine({ removal, onOver }: RemovalLineProps) {
  const { name, undoMs, restore } = removal;
  useEffect(() => {
    const timer = setTimeout(onOver, undoMs);
    return () => clearTimeout(timer);
  }, [onOver, undoMs]);
  return (
    <p role="status" className="flex items-center gap-2 text-ink-2">
      <span className="min-w-0 truncate">“{name}” removed</span>
      <button
        type="button"
        className="button button-small text-accent"
        onClick={() => void restore().finally(onOver)}
      >
        Undo
      </button>
    </p>
  );
}
