import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Makes a text area as high as its text. */
export function useAutosize(text: string): RefObject<HTMLTextAreaElement | null> {
  const ref = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const textarea = ref.current;
    if (textarea === null) return;
    textarea.style.height = 'auto';
    textarea.style.height = `${textarea.scrollHeight}px`;
  }, [text]);
  return ref;
}
