import { BookOpenText } from 'lucide-react';
import type { PromptPanelControl } from './use-prompt-panel.ts';

/** Opens the list of prompts. */
export function PromptsButton({ panel }: { readonly panel: PromptPanelControl }) {
  const isOpen = panel.state.kind !== 'closed';
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Prompts"
      aria-expanded={isOpen}
      title="Prompts (/)"
      // The focus stays where it is until the press ends: losing it would close what this is about to close.
      onMouseDown={(event) => event.preventDefault()}
      onClick={isOpen ? panel.close : panel.open}
    >
      <BookOpenText size={15} aria-hidden />
    </button>
  );
}
