import { useLayoutEffect } from 'react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { useView } from '../../lib/view-store.ts';

/** Goes to the end when this window has asked for an answer, wherever the reader was. */
export function useFollowStarted(messages: readonly ShownMessage[], jumpToBottom: () => void): void {
  const startedId = useView((state) => state.startedId);
  const isShown = startedId !== null && messages.some(({ id }) => id === startedId);
  useLayoutEffect(() => {
    if (!isShown) return;
    jumpToBottom();
    useView.setState({ startedId: null });
  }, [isShown, jumpToBottom]);
}
