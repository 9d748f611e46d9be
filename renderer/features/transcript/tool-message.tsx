import { ChevronRight } from 'lucide-react';
import { memo, useId, useState } from 'react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { MessageActionsRow } from './message-actions-row.tsx';

/** What a tool was told, or what it said, in an imported conversation: closed until somebody asks. */
export const ToolMessage = memo(function ToolMessage({ message }: { readonly message: ShownMessage }) {
  const [isOpen, setIsOpen] = useState(false);
  const panelId = useId();
  return (
    <article
      aria-label={`Tool: ${message.toolName ?? 'unknown'}`}
      data-message={message.id}
      className="group/message -my-3 rounded-xl"
    >
      <div className="flex items-center gap-1">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={panelId}
          onClick={() => setIsOpen(!isOpen)}
          className="-ml-1.5 inline-flex h-7 min-w-0 items-center gap-1.5 rounded-md px-1.5 text-[13px] text-ink-3 hover:bg-hover hover:text-ink"
        >
          <ChevronRight
            size={14}
            aria-hidden
            className={`shrink-0 transition-transform ${isOpen ? 'rotate-90' : ''}`}
          />
          <span className="truncate">Tool: {message.toolName ?? 'unknown'}</span>
        </button>
        <MessageActionsRow message={message} text={isOpen ? message.text : ''} isLast={false} main={null} />
      </div>
      <div id={panelId} role="group" aria-label="What the tool said" hidden={!isOpen}>
        {isOpen && (
          <pre
            dir="auto"
            tabIndex={0}
            aria-label="Text of the tool"
            className="selectable mt-1.5 max-h-[360px] overflow-auto rounded-lg border border-line bg-sunken px-3.5 py-2.5 font-mono text-[12px] leading-5 whitespace-pre-wrap wrap-anywhere"
          >
            {message.text}
          </pre>
        )}
      </div>
    </article>
  );
});
