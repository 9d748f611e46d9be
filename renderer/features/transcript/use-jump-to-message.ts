import { useEffect } from 'react';
import type { RefObject } from 'react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { useView } from '../../lib/view-store.ts';
import type { Jump } from '../../lib/view-store.ts';
import { findWords } from './find-words.ts';

/** How long the words stay marked. */
const MARKED_MS = 6_000;
/** Messages shown above the one that is jumped to. */
const ABOVE = 10;

interface JumpOptions {
  readonly messages: readonly ShownMessage[];
  /** The last of them, which are on the screen. */
  readonly shown: readonly ShownMessage[];
  /** Puts so many of the last messages on the screen. */
  readonly show: (count: number) => void;
  readonly contentRef: RefObject<HTMLDivElement | null>;
  readonly letGo: () => void;
}

/** Scrolls to the message a search led to, and marks for a moment what was searched for. */
export function useJumpToMessage({ messages, shown, show, contentRef, letGo }: JumpOptions): void {
  const jump = useView((state) => state.jump);
  useEffect(() => {
    if (jump === null) return;
    const index = messages.findIndex(({ id }) => id === jump.messageId);
    if (index === -1) return;
    const neededCount = messages.length - Math.max(0, index - ABOVE);
    if (shown.length < messages.length - index) {
      show(neededCount);
      return;
    }
    reveal(contentRef.current, jump);
    letGo();
    useView.setState({ jump: null });
  }, [jump, messages, shown, show, contentRef, letGo]);
}

function reveal(content: HTMLElement | null, { messageId, words }: Jump): void {
  const message = content?.querySelector<HTMLElement>(`[data-message="${CSS.escape(messageId)}"]`) ?? null;
  if (message === null) return;
  const found = findWords(message, words);
  // A message can be longer than the window: what was searched for is what is wanted.
  (found[0]?.startContainer.parentElement ?? message).scrollIntoView({ block: 'center' });
  mark(found);
  flash(message);
}

function mark(ranges: readonly Range[]): void {
  const highlight = new Highlight(...ranges);
  CSS.highlights.set('search-hit', highlight);
  setTimeout(() => {
    // A later jump has marks of its own.
    if (CSS.highlights.get('search-hit') === highlight) CSS.highlights.delete('search-hit');
  }, MARKED_MS);
}

function flash(message: HTMLElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const colour = getComputedStyle(message).getPropertyValue('--accent-soft');
  const glow = { backgroundColor: colour, boxShadow: `0 0 0 10px ${colour}` };
  message.animate([glow, glow, { backgroundColor: 'transparent', boxShadow: '0 0 0 10px transparent' }], {
    duration: 1_600,
    easing: 'ease-out',
  });
}
