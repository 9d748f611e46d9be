import type { Timer } from './ports.ts';

/** Waits for something, but no longer than this. Rejects as it does. */
export async function within(awaited: Promise<void>, limitMs: number, timer: Timer): Promise<void> {
  let stopTimer = (): void => undefined;
  const limit = new Promise<void>((resolve) => {
    stopTimer = timer.start(limitMs, resolve);
  });
  await Promise.race([awaited, limit]);
  stopTimer();
}
