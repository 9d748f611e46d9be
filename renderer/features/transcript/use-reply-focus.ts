import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { useView } from '../../lib/view-store.ts';

/** Gives an answer the focus of the button that asked for it, and passes it on to Regenerate when the answer has ended. */
export function useReplyFocus({ id, state }: ShownMessage): RefObject<HTMLElement | null> {
  const ref = useRef<HTMLElement>(null);
  const isWanted = useView((view) => view.focusedReplyId === id);
  const isStreaming = state === 'streaming';
  useEffect(() => {
    const article = ref.current;
    if (!isWanted || article === null) return;
    // Whoever has moved on meanwhile is left alone.
    const isFree = document.activeElement === document.body || document.activeElement === article;
    // The transcript goes to the end by itself.
    if (isStreaming && isFree) article.focus({ preventScroll: true });
    if (isStreaming) return;
    if (isFree)
      article.querySelector<HTMLElement>('[aria-label="Regenerate"]')?.focus({ preventScroll: true });
    useView.setState({ focusedReplyId: null });
  }, [isWanted, isStreaming]);
  return ref;
}
