import { request, toWireError } from './ipc-client.ts';
import { conversationQuery, conversationsQuery, queryClient, replaceConversation } from './queries.ts';
import { showConversation, showToast, useView } from './view-store.ts';

/** Gives a conversation another title. */
export async function renameConversation(id: string, title: string): Promise<void> {
  try {
    replaceConversation(await request('conversations.rename', { id, title }));
  } catch (error) {
    report(error);
  }
}

/** Hides a conversation at once and offers the way back for as long as there is one. */
export async function removeConversation(id: string): Promise<void> {
  const rows = queryClient.getQueryData(conversationsQuery.queryKey) ?? [];
  const index = rows.findIndex((row) => row.id === id);
  try {
    const { undoMs } = await request('conversations.remove', { id });
    queryClient.setQueryData(conversationsQuery.queryKey, (now) => now?.filter((row) => row.id !== id));
    if (useView.getState().conversationId === id) {
      showConversation(rows[index + 1]?.id ?? rows[index - 1]?.id ?? null);
    }
    showToast({ text: 'Conversation deleted', undo: () => void restore(id), durationMs: undoMs });
  } catch (error) {
    report(error);
  }
}

/** Shows the conversation below (1) or above (-1) the shown one. */
export function stepConversation(step: 1 | -1): void {
  const rows = queryClient.getQueryData(conversationsQuery.queryKey) ?? [];
  const index = rows.findIndex((row) => row.id === useView.getState().conversationId);
  const next = rows[index === -1 ? (step === 1 ? 0 : rows.length - 1) : index + step];
  if (next !== undefined) showConversation(next.id);
}

async function restore(id: string): Promise<void> {
  try {
    await request('conversations.restore', { id });
    await queryClient.invalidateQueries({ queryKey: conversationsQuery.queryKey });
    await queryClient.invalidateQueries({ queryKey: conversationQuery(id).queryKey });
    showConversation(id);
  } catch (error) {
    report(error);
  }
}

function report(error: unknown): void {
  const { conversationId } = useView.getState();
  useView.setState({ actionError: { conversationId, error: toWireError(error), retry: null } });
}
