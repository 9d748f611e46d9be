import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { showNeighbour } from '../../lib/message-actions.ts';

/** Which of several versions of a message is shown, and the way to the others. */
export function VariantSwitch({ message }: { readonly message: ShownMessage }) {
  const { variantIds } = message;
  const index = variantIds.indexOf(message.id);
  if (variantIds.length < 2) return null;
  return (
    <div role="group" aria-label="Variants" className="flex items-center text-[12px] text-ink-3 tabular-nums">
      <button
        type="button"
        className="icon-button w-6 disabled:opacity-40"
        aria-label="Previous variant"
        title="Previous variant (Alt+Left)"
        disabled={index <= 0}
        onClick={() => void showNeighbour(message, -1)}
      >
        <ChevronLeft size={14} aria-hidden />
      </button>
      <span>
        {index + 1}/{variantIds.length}
      </span>
      <button
        type="button"
        className="icon-button w-6 disabled:opacity-40"
        aria-label="Next variant"
        title="Next variant (Alt+Right)"
        disabled={index === variantIds.length - 1}
        onClick={() => void showNeighbour(message, 1)}
      >
        <ChevronRight size={14} aria-hidden />
      </button>
    </div>
  );
}
