import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/** This close to the end counts as reading the end. */
const SLACK_PX = 40;

interface StickToBottom {
  readonly viewportRef: RefObject<HTMLDivElement | null>;
  readonly contentRef: RefObject<HTMLDivElement | null>;
  readonly isAtBottom: boolean;
  readonly jumpToBottom: () => void;
  /** To call after scrolling somewhere: follows on only if that is the end. */
  readonly letGo: () => void;
}

/** Follows growing content only while the reader is at its end; scrolling up lets go, scrolling back holds on again. */
export function useStickToBottom(): StickToBottom {
  const viewportRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const isPinned = useRef(true);
  const [isAtBottom, setIsAtBottom] = useState(true);

  const jumpToBottom = useCallback(() => {
    isPinned.current = true;
    setIsAtBottom(true);
    scrollToEnd(viewportRef.current);
  }, []);

  const letGo = useCallback(() => {
    isPinned.current = isNearEnd(viewportRef.current);
    setIsAtBottom(isPinned.current);
  }, []);

  useLayoutEffect(() => scrollToEnd(viewportRef.current), []);

  useEffect(() => {
    const viewport = viewportRef.current;
    const content = contentRef.current;
    if (viewport === null || content === null) return undefined;
    let lastTop = viewport.scrollTop;
    const onScroll = (): void => {
      // Growing content also moves the end away: only a move upwards is the reader's.
      if (isNearEnd(viewport)) isPinned.current = true;
      else if (viewport.scrollTop < lastTop - 1) isPinned.current = false;
      lastTop = viewport.scrollTop;
      setIsAtBottom(isPinned.current);
    };
    const observer = new ResizeObserver(() => {
      if (isPinned.current) scrollToEnd(viewport);
    });
    viewport.addEventListener('scroll', onScroll, { passive: true });
    observer.observe(content);
    observer.observe(viewport);
    return () => {
      viewport.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, []);

  return { viewportRef, contentRef, isAtBottom, jumpToBottom, letGo };
}

function scrollToEnd(viewport: HTMLDivElement | null): void {
  if (viewport !== null) viewport.scrollTop = viewport.scrollHeight;
}

function isNearEnd(viewport: HTMLDivElement | null): boolean {
  if (viewport === null) return true;
  return viewport.scrollHeight - viewport.scrollTop - viewport.clientHeight <= SLACK_PX;
}
