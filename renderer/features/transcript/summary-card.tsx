import { useQuery } from '@tanstack/react-query';
import { ChevronRight, Pencil, ScrollText, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import type { ConversationDetail } from '../../../electron/contract/model/conversation.ts';
import { counted } from '../../lib/money.ts';
import { cancelSummary, liveSummaryQuery, removeSummary, takeStarted } from '../../lib/summaries.ts';
import { Markdown } from './markdown/markdown.tsx';
import { SummaryEditor } from './summary-editor.tsx';

interface SummaryCardProps {
  readonly conversationId: string;
  readonly summary: NonNullable<ConversationDetail['summary']>;
  /** How many messages above it stands for. */
  readonly count: number;
}

/** What is sent instead of the messages above it. */
export function SummaryCard({ conversationId, summary, count }: SummaryCardProps) {
  const [view, setView] = useState<'closed' | 'open' | 'editing'>('closed');
  const isOpen = view !== 'closed';
  return (
    <Frame>
      <div className="flex min-h-9 items-center gap-2 pr-1.5 pl-2">
        <button
          type="button"
          aria-expanded={isOpen}
          className="flex min-w-0 flex-1 items-center gap-2 rounded-md py-1 pl-1 text-start text-ink-2 hover:text-ink"
          onClick={() => setView(isOpen ? 'closed' : 'open')}
        >
          <ChevronRight
            size={14}
            aria-hidden
            className={`shrink-0 transition-transform ${isOpen ? 'rotate-90' : ''}`}
          />
          <ScrollText size={14} aria-hidden className="shrink-0" />
          <span className="min-w-0">
            <span className="font-medium text-ink">Summary</span> of the {counted(count, 'message')} above,
            sent in their place
          </span>
        </button>
        {view !== 'editing' && (
          <button
            type="button"
            className="icon-button"
            aria-label="Edit summary"
            title="Edit summary"
            onClick={() => setView('editing')}
          >
            <Pencil size={14} aria-hidden />
          </button>
        )}
        <button
          type="button"
          className="icon-button"
          aria-label="Remove summary"
          title="Remove summary: all messages are sent again"
          onClick={() => void removeSummary(conversationId, summary)}
        >
          <Trash2 size={14} aria-hidden />
        </button>
      </div>
      {view === 'open' && (
        <div className="border-t border-line px-4 py-3">
          <Markdown text={summary.text} />
        </div>
      )}
      {view === 'editing' && (
        <SummaryEditor conversationId={conversationId} summary={summary} onClose={() => setView('open')} />
      )}
    </Frame>
  );
}

interface LiveSummaryProps {
  readonly conversationId: string;
  readonly count: number;
}

/** The same while it is being written. */
export function LiveSummary({ conversationId, count }: LiveSummaryProps) {
  const text = useQuery(liveSummaryQuery(conversationId)).data?.text ?? '';
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    // After the jump to the message above, which may be longer than the window.
    if (takeStarted(conversationId))
      requestAnimationFrame(() => ref.current?.scrollIntoView({ block: 'center' }));
  }, [conversationId]);
  return (
    <Frame ref={ref}>
      <div className="flex min-h-9 items-center gap-2 pr-1.5 pl-3">
        <span className="pulse size-1.5 shrink-0 rounded-full bg-accent" aria-hidden />
        <span role="status" aria-label="Summary status" className="min-w-0 flex-1 text-ink-2">
          Summarising the {counted(count, 'message')} above
        </span>
        <button type="button" className="button button-small" onClick={() => cancelSummary(conversationId)}>
          Cancel
        </button>
      </div>
      {text !== '' && (
        <div className="max-h-60 overflow-y-auto border-t border-line px-4 py-3 text-ink-2" tabIndex={0}>
          <Markdown text={text} />
        </div>
      )}
    </Frame>
  );
}

function Frame({
  ref,
  children,
}: {
  readonly ref?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}) {
  return (
    <section ref={ref} aria-label="Summary" className="rounded-lg border border-line bg-canvas text-[13px]">
      {children}
    </section>
  );
}
