import { subscribe } from '../lib/ipc-client.ts';
import {
  connectionsQuery,
  conversationsQuery,
  infoQuery,
  linkQuery,
  modelsQuery,
  networkStatusQuery,
  presetsQuery,
  putKeystore,
  queryClient,
  refreshConversation,
  settingsQuery,
} from '../lib/queries.ts';
import { showSignIn } from '../lib/sign-in.ts';
import { endSummary, growSummary } from '../lib/summaries.ts';
import { streams, type DeltaOutcome } from '../lib/stream-store.ts';
import { attachToReply } from '../lib/watch-reply.ts';
import { takeTransfer } from '../lib/transfer-actions.ts';
import { runCommand } from './commands.ts';

/** Keeps the window in step with main. Returns the way to stop. */
export function listenToMain(): () => void {
  const stops = [
    ...listenToReplies(),
    subscribe('summary.grown', growSummary),
    subscribe('summary.ended', endSummary),
    subscribe('conversations.changed', (rows) => {
      queryClient.setQueryData(conversationsQuery.queryKey, rows);
      // What is found may have been removed, or there may be more of it.
      void queryClient.invalidateQueries({ queryKey: ['search'] });
    }),
    subscribe('connections.changed', (connections) => {
      queryClient.setQueryData(connectionsQuery.queryKey, connections);
      for (const { id } of connections) dropFailedModels(id);
      // A preset may name one that is gone now, or back.
      void queryClient.invalidateQueries({ queryKey: presetsQuery.queryKey });
    }),
    subscribe('keystore.changed', putKeystore),
    subscribe('ledger.changed', () => void queryClient.invalidateQueries({ queryKey: ['ledger'] })),
    subscribe('settings.changed', (settings) => {
      queryClient.setQueryData(settingsQuery.queryKey, settings);
      void queryClient.invalidateQueries({ queryKey: networkStatusQuery.queryKey });
      // There may be a way to them now.
      for (const { id } of queryClient.getQueryData(connectionsQuery.queryKey) ?? []) dropFailedModels(id);
    }),
    subscribe('signIn.changed', (status) => showSignIn(status)),
    subscribe('transfer.changed', takeTransfer),
    subscribe('link.received', (linked) => queryClient.setQueryData(linkQuery.queryKey, linked)),
    subscribe('notice.raised', (notice) =>
      queryClient.setQueryData(
        infoQuery.queryKey,
        (info) =>
          info && { ...info, notices: [...info.notices.filter((each) => each.id !== notice.id), notice] },
      ),
    ),
    subscribe('menu.chosen', ({ command }) => runCommand(command)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function listenToReplies(): readonly (() => void)[] {
  return [
    subscribe('chat.delta', (delta) => closeGap(streams.apply(delta), delta.conversationId)),
    subscribe('chat.reasoning', (thought) =>
      closeGap(streams.applyReasoning(thought), thought.conversationId),
    ),
    subscribe('chat.waiting', (change) => closeGap(streams.applyWait(change), change.conversationId)),
    subscribe('chat.ended', ({ streamId, conversationId }) => {
      streams.end(streamId);
      void refreshConversation(conversationId);
    }),
  ];
}

function closeGap(outcome: DeltaOutcome, conversationId: string): void {
  // Failing to attach is not the end: the next event shows the gap again, and the end re-reads everything.
  if (outcome === 'gap') attachToReply(conversationId).catch(() => undefined);
}

/** A list of models that failed may work now that its connection has changed, e.g. got a key. */
function dropFailedModels(connectionId: string): void {
  const { queryKey } = modelsQuery(connectionId);
  if (queryClient.getQueryState(queryKey)?.status === 'error')
    void queryClient.invalidateQueries({ queryKey });
}
