import { AppError, type ErrorCode } from '../../contract/app-error.ts';
import type { NetworkEntry } from '../../contract/model/network.ts';
import type { Clock, IdSource } from '../ports.ts';

/** Most requests remembered; older ones are forgotten. */
const MAX_ENTRIES = 500;

/** What is known of a request before it leaves. */
export type RequestStart = Pick<NetworkEntry, 'origin' | 'purpose' | 'keyLabel' | 'sentBytes'>;

/** Follows one request to its end. */
export interface RequestTrace {
  /** The way it takes: a proxy, or null for none. */
  routed(proxy: string | null): void;
  responded(status: number): void;
  received(bytes: number): void;
  /** Called once; later calls change nothing. */
  ended(outcome: 'done' | 'cancelled' | ErrorCode): void;
}

/** Every request this session made, in memory only. A person can see here that nothing else was contacted. */
export class NetworkLog {
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #isKept: () => boolean;
  #entries: NetworkEntry[] = [];

  /** `isKept` is asked at every request: the setting may change at any time. */
  constructor(clock: Clock, ids: IdSource, isKept: () => boolean) {
    this.#clock = clock;
    this.#ids = ids;
    this.#isKept = isKept;
  }

  /** Newest first. */
  list(): NetworkEntry[] {
    return this.#entries.toReversed();
  }

  clear(): void {
    this.#entries = [];
  }

  begin(start: RequestStart): RequestTrace {
    const id = this.#ids.next();
    const at = this.#clock.now();
    if (this.#isKept()) {
      const entry = {
        ...start,
        id,
        at,
        proxy: null,
        status: null,
        receivedBytes: 0,
        outcome: 'running' as const,
        durationMs: 0,
      };
      this.#entries = [...this.#entries.slice(1 - MAX_ENTRIES), entry];
    }
    return {
      routed: (proxy) => {
        this.#change(id, () => ({ proxy }));
      },
      responded: (status) => {
        this.#change(id, () => ({ status }));
      },
      received: (bytes) => {
        this.#change(id, (entry) => ({ receivedBytes: entry.receivedBytes + bytes }));
      },
      ended: (outcome) => {
        this.#change(id, () => ({ outcome, durationMs: Math.max(0, this.#clock.now() - at) }));
      },
    };
  }

  #change(id: string, change: (entry: NetworkEntry) => Partial<NetworkEntry>): void {
    const index = this.#entries.findLastIndex((entry) => entry.id === id);
    const entry = this.#entries[index];
    if (entry?.outcome === 'running') this.#entries[index] = { ...entry, ...change(entry) };
  }
}

/** How a request that did not run to its end is shown. `signal` is the one whoever asked can abort. */
export function outcomeOf(error: unknown, signal: AbortSignal): 'cancelled' | ErrorCode {
  const cause: unknown = signal.aborted ? signal.reason : error;
  if (cause instanceof AppError) return cause.code;
  if (cause instanceof DOMException && cause.name === 'TimeoutError') return 'network/timeout';
  return signal.aborted ? 'cancelled' : 'network/unreachable';
}
