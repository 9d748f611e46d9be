import type { Clock, HostSignals } from '../ports.ts';

/** What ends a wait. */
export interface RetryWaitOptions {
  readonly waitMs: number;
  /** The same as a moment: after a sleep the timer is late, the clock is not. */
  readonly retryAt: number;
  /** Whether a network that is back ends it. */
  readonly endsOnline: boolean;
  readonly clock: Clock;
  readonly signals: HostSignals;
  /** An abort ends it too; whoever waited looks at the signal. */
  readonly signal: AbortSignal;
}

/** A wait that can be cut short. */
export interface RetryWait {
  /** Never rejects. */
  readonly ended: Promise<void>;
  end(): void;
}

/** Starts the wait before a retry. */
export function startRetryWait(options: RetryWaitOptions): RetryWait {
  const { waitMs, retryAt, endsOnline, clock, signals, signal } = options;
  const { promise, resolve } = promiseWithResolve();
  const timer = setTimeout(end, waitMs);
  const unsubscribe = signals.subscribe((event) => {
    if (event === 'online' ? endsOnline : clock.now() >= retryAt) end();
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  function end(): void {
    clearTimeout(timer);
    unsubscribe();
    signal.removeEventListener('abort', end);
    resolve();
  }
  return { ended: promise, end };
}

/** `Promise.withResolvers` is too new for the older runtime. */
function promiseWithResolve(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
