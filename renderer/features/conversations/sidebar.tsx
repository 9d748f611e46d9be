import { useQuery } from '@tanstack/react-query';
import { PanelLeft, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConversationSummary } from '../../../electron/contract/model/conversation.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { toWireError } from '../../lib/ipc-client.ts';
import { conversationsQuery } from '../../lib/queries.ts';
import { importConversations } from '../../lib/transfer-actions.ts';
import { showConversation, useView } from '../../lib/view-store.ts';
import { ConversationList } from './conversation-list.tsx';
import { SearchBox } from './search-box.tsx';
import { SearchResults } from './search-results.tsx';
import { walkResults } from './walk-results.ts';

interface SidebarProps {
  readonly onHide: () => void;
  /** What stands at the foot. */
  readonly footer: ReactNode;
}

/** All conversations, and what leads to them. */
export function Sidebar({ onHide, footer }: SidebarProps) {
  return (
    <nav
      aria-label="Conversations"
      className="flex h-full min-w-0 flex-col bg-chrome"
      onKeyDown={walkResults}
    >
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
  const rows = data ?? [];
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      {search.trim() === '' ? (
        <>
          <ConversationList rows={rows} hasDays />
          {data?.length === 0 && (
            <div className="flex flex-col items-start gap-2 px-2 py-3">
              <p className="text-ink-3">Your conversations will be listed here.</p>
              <button
                type="button"
                className="button button-small"
                onClick={() => void importConversations()}
              >
                Import conversations…
              </button>
            </div>
          )}
        </>
      ) : (
        <SearchResults titles={matching(rows, search)} />
      )}
    </div>
  );
}

function matching(rows: readonly ConversationSummary[], search: string): readonly ConversationSummary[] {
  const wanted = search.trim().toLocaleLowerCase();
  return rows.filter((row) => row.title.toLocaleLowerCase().includes(wanted));
}
