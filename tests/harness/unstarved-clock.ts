import { readFileSync } from 'node:fs';

/**
 * Milliseconds that went by for this thread, without those in which it was ready to run and the machine ran something else
 * (the second field of Linux's schedstat). What a limit says about Latchkey must not depend on who shares the machine.
 */
export function unstarvedNow(): number {
  return performance.now() - starvedMs();
}

function starvedMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0; // Not Linux: then the machine has to be idle.
  }
}
