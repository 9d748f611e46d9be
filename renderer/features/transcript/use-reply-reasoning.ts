import { useCallback, useSyncExternalStore } from 'react';
import type { Message } from '../../../electron/contract/model/conversation.ts';
import { streams } from '../../lib/stream-store.ts';

/** What the model thought: from the reply's stream while it arrives, from history after. */
export function useReplyReasoning(message: Message): string {
  const subscribe = useCallback(
    (listener: () => void) => streams.subscribe(message.id, listener),
    [message.id],
  );
  const live = useSyncExternalStore(subscribe, () => streams.reasoningOf(message.id));
  return live ?? message.reasoning;
}
