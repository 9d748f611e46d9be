import { useQuery } from '@tanstack/react-query';
import { PanelLeft, Plus, Search } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConversationSummary } from '../../../electron/contract/model/conversation.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { toWireError } from '../../lib/ipc-client.ts';
import { conversationsQuery } from '../../lib/queries.ts';
import { showConversation, useView } from '../../lib/view-store.ts';
import { ConversationList } from './conversation-list.tsx';

interface SidebarProps {
  readonly onHide: () => void;
  /** What stands at the foot. */
  readonly footer: ReactNode;
}

/** All conversations, and what leads to them. */
export function Sidebar({ onHide, footer }: SidebarProps) {
  return (
    <nav aria-label="Conversations" className="flex h-full min-w-0 flex-col bg-chrome">
      <div className="flex h-12 shrink-0 items-center gap-1 px-2">
        <button
          type="button"
          className="button button-quiet flex-1 justify-start px-2"
          onClick={() => showConversation(null)}
        >
          <Plus size={16} aria-hidden />
          New chat
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Hide sidebar"
          title="Hide sidebar"
          onClick={onHide}
        >
          <PanelLeft size={16} aria-hidden />
        </button>
      </div>
      <SearchBox />
      <Rows />
      {footer}
    </nav>
  );
}

function SearchBox() {
  const search = useView((state) => state.search);
  return (
    <div className="relative mx-2 mb-1">
      <Search size={14} aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-ink-3" />
      <input
        type="search"
        aria-label="Search"
        placeholder="Search titles"
        value={search}
        className="h-[30px] w-full rounded-[7px] border border-line bg-raised pr-2 pl-8 placeholder:text-ink-3 focus-visible:outline-offset-0"
        onChange={(event) => useView.setState({ search: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          useView.setState({ search: '' });
        }}
      />
    </div>
  );
}

function Rows() {
  const { data, error, refetch } = useQuery(conversationsQuery);
  const search = useView((state) => state.search);
  if (error !== null) {
    return (
      <div className="flex-1 p-2">
        <ErrorCard error={toWireError(error)} connectionId={null} onRetry={() => void refetch()} />
      </div>
    );
  }
  const rows = matching(data ?? [], search);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      <ConversationList rows={rows} />
      {data !== undefined && rows.length === 0 && (
        <p className="px-2 py-3 text-ink-3">
          {search.trim() === '' ? 'Your conversations will be listed here.' : 'No title matches.'}
        </p>
      )}
    </div>
  );
}

function matching(rows: readonly ConversationSummary[], search: string): readonly ConversationSummary[] {
  const wanted = search.trim().toLocaleLowerCase();
  return wanted === '' ? rows : rows.filter((row) => row.title.toLocaleLowerCase().includes(wanted));
}
