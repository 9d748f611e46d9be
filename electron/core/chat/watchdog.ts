import type { ReplyTiming } from './reply-timing.ts';

/** The limits of a watchdog, see {@link ReplyTiming}. */
export type WatchdogLimits = Pick<ReplyTiming, 'firstByteMs' | 'silenceMs' | 'noProgressMs'>;

const MAX_TICK_MS = 1_000;
/** Ticks within the shortest limit: a limit is overrun by less than a tenth. */
const MIN_TICKS = 10;

/**
 * Ends a request that has stopped living. It counts its own ticks instead of asking a clock: while the machine sleeps none
 * come, and the late one after it counts once, so that a night's sleep is no silence of the server.
 */
export class Watchdog {
  readonly #limits: WatchdogLimits;
  readonly #timer: NodeJS.Timeout;
  #hasBytes = false;
  #silentMs = 0;
  #idleMs = 0;

  constructor(limits: WatchdogLimits, onExpired: () => void) {
    this.#limits = limits;
    const shortestMs = Math.min(limits.firstByteMs, limits.silenceMs, limits.noProgressMs);
    const tickMs = Math.min(MAX_TICK_MS, Math.max(1, Math.floor(shortestMs / MIN_TICKS)));
    this.#timer = setInterval(() => {
      this.#silentMs += tickMs;
      this.#idleMs += tickMs;
      if (!this.#isExpired()) return;
      this.stop();
      onExpired();
    }, tickMs);
  }

  /** Whether anything of a successful answer arrived. */
  get hasBytes(): boolean {
    return this.#hasBytes;
  }

  /** Something arrived, whatever it was. */
  noteBytes(): void {
    this.#silentMs = 0;
    if (!this.#hasBytes) this.#idleMs = 0;
    this.#hasBytes = true;
  }

  /** The answer moved on. */
  noteProgress(): void {
    this.noteBytes();
    this.#idleMs = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #isExpired(): boolean {
    const { firstByteMs, silenceMs, noProgressMs } = this.#limits;
    if (!this.#hasBytes) return this.#silentMs >= firstByteMs;
    return this.#silentMs >= silenceMs || this.#idleMs >= noProgressMs;
  }
}
