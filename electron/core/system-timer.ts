import type { Timer } from './ports.ts';

/** The system's own timer. */
export const systemTimer: Timer = {
  start(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
