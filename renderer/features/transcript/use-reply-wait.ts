import { useCallback, useSyncExternalStore } from 'react';
import type { ReplyWait } from '../../../electron/contract/model/conversation.ts';
import { streams } from '../../lib/stream-store.ts';

/** What a reply waits for before it asks again, or null. */
export function useReplyWait(messageId: string): ReplyWait | null {
  const subscribe = useCallback(
    (listener: () => void) => streams.subscribe(messageId, listener),
    [messageId],
  );
  return useSyncExternalStore(subscribe, () => streams.waitOf(messageId));
}
