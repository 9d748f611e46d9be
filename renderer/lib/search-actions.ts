import type { SearchHit } from '../../electron/contract/model/search.ts';
import { request, toWireError } from './ipc-client.ts';
import { conversationQuery, queryClient } from './queries.ts';
import { showConversation, useView } from './view-store.ts';

/** Shows the conversation of a hit, on the path that leads through it, and scrolls to it. */
export async function openHit(hit: SearchHit): Promise<void> {
  const { conversationId, messageId, snippet } = hit;
  const { queryKey } = conversationQuery(conversationId);
  showConversation(conversationId);
  try {
    const detail = await queryClient.fetchQuery(conversationQuery(conversationId));
    if (!detail.messages.some(({ id }) => id === messageId)) {
      queryClient.setQueryData(
        queryKey,
        await request('conversations.showVariant', { id: conversationId, messageId }),
      );
    }
    const words = snippet.ranges.map(([start, end]) => snippet.text.slice(start, end));
    // Another one may have been chosen meanwhile.
    if (useView.getState().conversationId === conversationId)
      useView.setState({ jump: { messageId, words: [...new Set(words)] } });
  } catch (error) {
    useView.setState({ actionError: { conversationId, error: toWireError(error), retry: null } });
  }
}
