import {
  infiniteQueryOptions,
  keepPreviousData,
  QueryClient,
  queryOptions,
  useQuery,
} from '@tanstack/react-query';
import type { Connection, KeystoreStatus } from '../../electron/contract/model/connection.ts';
import type { ConversationDetail, ConversationSummary } from '../../electron/contract/model/conversation.ts';
import type { PolicyRules } from '../../electron/contract/model/policy.ts';
import type { SearchResult } from '../../electron/contract/model/search.ts';
import type { RouteInput } from '../../electron/contract/contract.ts';
import { request } from './ipc-client.ts';
import { attachToReply } from './watch-reply.ts';
import { streams } from './stream-store.ts';

/** Main pushes every change, so nothing goes stale by itself and an error is shown at once rather than retried behind the back. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      gcTime: Infinity,
      retry: false,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/** Facts of this run. */
export const infoQuery = queryOptions({ queryKey: ['info'], queryFn: () => request('app.info', {}) });
/** What "Copy diagnostics" copies. Read anew whenever somebody looks. */
export const diagnosticsQuery = queryOptions({
  queryKey: ['diagnostics'],
  queryFn: () => request('app.diagnostics', {}),
  staleTime: 0,
});
/** What a person has set. */
export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: () => request('settings.get', {}),
});
/** All connections with the status of their keys. */
export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: () => request('connections.list', {}),
});
/** The sidebar's rows. */
export const conversationsQuery = queryOptions({
  queryKey: ['conversations'],
  queryFn: () => request('conversations.list', {}),
});
/** The prompt of a link that waits for Use or Discard. */
export const linkQuery = queryOptions({ queryKey: ['link'], queryFn: () => request('link.pending', {}) });
/** Whether the OS opens `latchkey://` links with Latchkey. */
export const protocolQuery = queryOptions({
  queryKey: ['protocol'],
  queryFn: () => request('protocol.status', {}),
});

/** The requests of this session. Read anew whenever somebody looks, and every second while they do. */
export const networkQuery = queryOptions({
  queryKey: ['network'],
  queryFn: () => request('network.list', {}),
  staleTime: 0,
  refetchInterval: 1_000,
});

/** What stands behind the network settings: login, certificates, what the system offers. */
export const networkStatusQuery = queryOptions({
  queryKey: ['network-status'],
  queryFn: () => request('network.status', {}),
});

/** The backups of the history. Read anew whenever somebody looks. */
export const backupsQuery = queryOptions({
  queryKey: ['backups'],
  queryFn: () => request('backups.list', {}),
  staleTime: 0,
});

/** The import or export that runs, or how the last one ended. */
export const transferQuery = queryOptions({
  queryKey: ['transfer'],
  queryFn: () => request('transfer.status', {}),
});

/** The messages that a search finds, page by page; the former result stays until the new one is there. */
export function searchQuery(search: Omit<RouteInput<'search.messages'>, 'offset' | 'limit'>) {
  return infiniteQueryOptions({
    queryKey: ['search', search],
    queryFn: ({ pageParam }) => request('search.messages', { ...search, offset: pageParam }),
    initialPageParam: 0,
    getNextPageParam: (_last: SearchResult, pages: SearchResult[]) => {
      const shownCount = pages.reduce((sum, { hits }) => sum + hits.length, 0);
      const total = pages[0]?.total ?? 0;
      return shownCount > 0 && shownCount < total ? shownCount : undefined;
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
}

/** What every connection has cost, and its budget. */
export const budgetsQuery = queryOptions({
  queryKey: ['ledger', 'budgets'],
  queryFn: () => request('ledger.budgets', {}),
});

/** A month of usage; null is the present one. */
export function reportQuery(month: string | null) {
  return queryOptions({
    queryKey: ['ledger', 'report', month],
    queryFn: () => request('ledger.report', { month }),
    // Another day may have begun since.
    staleTime: 0,
  });
}

/** What a conversation has cost. */
export function conversationCostQuery(id: string) {
  return queryOptions({
    queryKey: ['ledger', 'conversation', id],
    queryFn: () => request('ledger.conversation', { id }),
  });
}

/** What the models of a connection cost. */
export function pricesQuery(connectionId: string) {
  return queryOptions({
    queryKey: ['ledger', 'prices', connectionId],
    queryFn: () => request('ledger.prices', { connectionId }),
  });
}

/** Named ways of answering. */
export const presetsQuery = queryOptions({
  queryKey: ['presets'],
  queryFn: () => request('presets.list', {}),
});

/** Texts to ask with again. */
export const promptsQuery = queryOptions({
  queryKey: ['prompts'],
  queryFn: () => request('prompts.list', {}),
});

/** What a model can do. Read anew whenever somebody looks: a server may have shown more since. */
export function capabilitiesQuery(connectionId: string, model: string) {
  return queryOptions({
    queryKey: ['capabilities', connectionId, model],
    queryFn: () => request('models.capabilities', { connectionId, model }),
    staleTime: 0,
  });
}

/** Model names of a connection. */
export function modelsQuery(connectionId: string) {
  return queryOptions({
    queryKey: ['models', connectionId],
    queryFn: () => request('connections.models', { id: connectionId, shouldRefresh: false }),
  });
}

/** One conversation. Reading it also attaches to the reply that is arriving in it, if there is one. */
export function conversationQuery(id: string) {
  return queryOptions({ queryKey: ['conversation', id], queryFn: () => readConversation(id) });
}

/** Whether a conversation is being answered. */
export function useIsStreaming(conversationId: string | null): boolean {
  const query = useQuery({ ...conversationQuery(conversationId ?? ''), enabled: conversationId !== null });
  return query.data?.messages.some((message) => message.state === 'streaming') ?? false;
}

async function readConversation(id: string): Promise<ConversationDetail> {
  const detail = await request('conversations.open', { id });
  const live = await attachToReply(id);
  const isOutdated =
    live === null
      ? detail.messages.some((message) => message.state === 'streaming')
      : !detail.messages.some((message) => message.id === live.messageId);
  // The reply ended (or began) between the two requests: what was read first is no longer true.
  const current = isOutdated ? await request('conversations.open', { id }) : detail;
  for (const message of current.messages) {
    if (message.state !== 'streaming') streams.forget(message.id);
  }
  return current;
}

/** Reads a conversation again after something changed in it. */
export async function refreshConversation(id: string): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ['conversation', id] });
}

/** Puts a changed row where it belongs without asking main again. */
export function replaceConversation(summary: ConversationSummary): void {
  queryClient.setQueryData(conversationsQuery.queryKey, (rows) =>
    rows?.map((row) => (row.id === summary.id ? summary : row)),
  );
  queryClient.setQueryData(conversationQuery(summary.id).queryKey, (detail) =>
    detail === undefined ? undefined : { ...detail, conversation: summary },
  );
}

/** Puts a changed connection where it belongs without asking main again. */
export function replaceConnection(connection: Connection): void {
  queryClient.setQueryData(connectionsQuery.queryKey, (rows) =>
    rows?.map((row) => (row.id === connection.id ? connection : row)),
  );
}

/** Takes over what main said about the keystore. */
export function putKeystore(keystore: KeystoreStatus): void {
  queryClient.setQueryData(infoQuery.queryKey, (info) => info && { ...info, keystore });
}

/** How the keystore stands; undefined while that loads. */
export function useKeystore(): KeystoreStatus | undefined {
  return useQuery(infoQuery).data?.keystore;
}

/** All connections, empty while they load. */
export function useConnections(): readonly Connection[] {
  return useQuery(connectionsQuery).data ?? [];
}

/** What the organisation allows; null where it says nothing. */
export function usePolicy(): PolicyRules | null {
  return useQuery(infoQuery).data?.policy?.rules ?? null;
}

/** Changes settings and shows the result at once. */
export async function changeSettings(patch: Parameters<typeof request<'settings.change'>>[1]): Promise<void> {
  const settings = await request('settings.change', patch);
  queryClient.setQueryData(settingsQuery.queryKey, settings);
}
