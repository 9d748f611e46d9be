import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ConversationSummary } from '../../../electron/contract/model/conversation.ts';
import type { SearchResult } from '../../../electron/contract/model/search.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { formatWhole } from '../../lib/format.ts';
import { toWireError } from '../../lib/ipc-client.ts';
import { searchQuery } from '../../lib/queries.ts';
import { useView } from '../../lib/view-store.ts';
import { ConversationList } from './conversation-list.tsx';
import { isFiltering } from './search-filters.tsx';
import { SearchHitRow } from './search-hit-row.tsx';
import { useSearchRequest } from './use-search-request.ts';

/** Titles beyond these are found by typing more. */
const MAX_TITLES = 5;

/** What a search found: conversations by their titles, then messages, best first. */
export function SearchResults({ titles }: { readonly titles: readonly ConversationSummary[] }) {
  const { data, error, isPending, isPlaceholderData, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    searchQuery(useSearchRequest()),
  );
  const hasFilter = useView((state) => isFiltering(state.searchFilter));
  const now = Date.now();
  // A title was written by nobody, at no time and by no model.
  const shownTitles = hasFilter ? [] : titles.slice(0, MAX_TITLES);
  const hits = data?.pages.flatMap((page) => page.hits) ?? [];
  const isSettled = !isPending && !isPlaceholderData;
  const isEmpty = isSettled && error === null && hits.length === 0 && shownTitles.length === 0;
  return (
    <>
      {shownTitles.length > 0 && (
        <>
          <Heading>Titles</Heading>
          <ConversationList rows={shownTitles} hasDays={false} />
        </>
      )}
      <Heading>
        <span role="status">{isSettled ? describeTotal(data?.pages[0]) : 'Searching …'}</span>
      </Heading>
      {error !== null && (
        <ErrorCard error={toWireError(error)} connectionId={null} onRetry={() => void refetch()} />
      )}
      {isEmpty && <NothingFound hasFilter={hasFilter} />}
      <ul aria-label="Search results" className={isPlaceholderData ? 'opacity-60' : ''}>
        {hits.map((hit) => (
          <SearchHitRow key={hit.messageId} hit={hit} now={now} />
        ))}
      </ul>
      {hasNextPage && (
        <button
          type="button"
          className="button button-small my-2 w-full"
          onClick={() => void fetchNextPage()}
        >
          Show more
        </button>
      )}
    </>
  );
}

function Heading({ children }: { readonly children: ReactNode }) {
  return <p className="px-2 pt-3 pb-1 text-[12px] leading-4 text-ink-3">{children}</p>;
}

function NothingFound({ hasFilter }: { readonly hasFilter: boolean }) {
  return (
    <p className="px-2 py-1 text-ink-2">
      {hasFilter
        ? 'Nothing matches here. Try it without filters.'
        : 'Try fewer words, or the beginning of one.'}
    </p>
  );
}

function describeTotal(result: SearchResult | undefined): string {
  if (result === undefined) return 'Messages';
  const { total, isTotalCapped, isIndexComplete } = result;
  const count =
    total === 0
      ? 'No message'
      : `${formatWhole(total)}${isTotalCapped ? '+' : ''} message${total === 1 ? '' : 's'}`;
  return isIndexComplete ? count : `${count} so far. Older ones are still being indexed.`;
}
