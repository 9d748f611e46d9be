import { useEffect, useState } from 'react';

/** Milliseconds until a moment, never below zero; renders whenever the number of whole seconds changes. */
export function useTimeLeft(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  const leftMs = Math.max(0, until - now);
  useEffect(() => {
    if (leftMs === 0) return undefined;
    const timer = setTimeout(() => setNow(Date.now()), leftMs % 1_000 || 1_000);
    return () => clearTimeout(timer);
  }, [leftMs]);
  return leftMs;
}
