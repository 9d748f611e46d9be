/** A token count as a server sends it, or 0: what is no count must not reach the history. */
export function readCount(count: unknown): number {
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : 0;
}
