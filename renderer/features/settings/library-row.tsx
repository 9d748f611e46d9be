import type { ReactNode } from 'react';

interface LibraryRowProps {
  readonly name: string;
  /** Its beginning, or what it sets. */
  readonly summary: string;
  /** What does not come into force. */
  readonly warning?: string | null;
  readonly isEditing: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  /** The form, while it is being edited. */
  readonly children: ReactNode;
}

/** A preset or a prompt in its list. */
export function LibraryRow(props: LibraryRowProps) {
  const { name, summary, warning = null, isEditing, onEdit, onRemove, children } = props;
  return (
    <li className="border-b border-line py-2 last:border-b-0">
      <div className="flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium" dir="auto">
            {name}
          </p>
          <p className="truncate text-[12px] leading-4 text-ink-3" dir="auto">
            {summary}
          </p>
          {warning !== null && <p className="text-[12px] leading-4 text-warn">{warning}</p>}
        </div>
        <button
          type="button"
          className="button button-small button-quiet"
          aria-label={`Edit ${name}`}
          aria-expanded={isEditing}
          onClick={onEdit}
        >
          Edit
        </button>
        <button
          type="button"
          className="button button-small button-quiet"
          aria-label={`Remove ${name}`}
          onClick={onRemove}
        >
          Remove
        </button>
      </div>
      {children}
    </li>
  );
}
