import { useCallback, useSyncExternalStore } from 'react';
import type { Message } from '../../../electron/contract/model/conversation.ts';
import { streams } from '../../lib/stream-store.ts';

/** The text of a reply: from its stream while it arrives, from history after. Only the caller renders on a delta. */
export function useReplyText(message: Message): string {
  const subscribe = useCallback(
    (listener: () => void) => streams.subscribe(message.id, listener),
    [message.id],
  );
  const live = useSyncExternalStore(subscribe, () => streams.textOf(message.id));
  return live ?? message.text;
}
