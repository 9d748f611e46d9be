import type { LiveReply } from '../../electron/contract/model/conversation.ts';
import { request } from './ipc-client.ts';
import { streams } from './stream-store.ts';

/** A hole in the numbers closes with the next attach; more tries than this would mean a fault, not bad luck. */
const MAX_ATTEMPTS = 5;

/** Takes over the reply that is arriving in a conversation, from its beginning, with no hole and nothing double. */
export async function attachToReply(conversationId: string): Promise<LiveReply | null> {
  for (let attempt = 1; ; attempt += 1) {
    streams.await(conversationId);
    const live = await requestLive(conversationId);
    const outcome = streams.attach(conversationId, live);
    if (outcome !== 'gap' || attempt === MAX_ATTEMPTS) return live;
  }
}

async function requestLive(conversationId: string): Promise<LiveReply | null> {
  try {
    return await request('chat.attach', { conversationId });
  } catch (error) {
    streams.attach(conversationId, null);
    throw error;
  }
}
