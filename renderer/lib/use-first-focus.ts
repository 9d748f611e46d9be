import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Puts the focus into a field that was just opened: whoever opened it wants to write. */
export function useFirstFocus<T extends HTMLElement>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => ref.current?.focus(), []);
  return ref;
}
