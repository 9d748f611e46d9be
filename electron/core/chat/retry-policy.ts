import type { ErrorCode, ErrorDetails } from '../../contract/app-error.ts';

/** Requests one click may cause as long as nothing of an answer has arrived. After the first byte it is one. */
export const MAX_REQUESTS = 3;

/** Longest wait a server may ask for: a day. Beyond it the reply fails and says until when. */
export const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** Longest wait of our own. */
const MAX_BACKOFF_MS = 30_000;
/** Without a network asking again is useless; the signal that there is one ends the wait early. */
const OFFLINE_WAIT_MS = 60_000;
/** Spread on top of what a server asked for, so that its clients do not all come back at once. */
const MAX_SPREAD_MS = 1_000;

/**
 * What may pass by itself. Not here, on purpose: what a person has to mend (key, quota, model, length, certificates, proxy
 * login), and whatever a provider says within an answer, since by then bytes have arrived.
 */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'quota/rate-limited',
  'provider/server-error',
  'network/unreachable',
  'network/dns',
  'network/timeout',
  'network/interrupted',
  'network/proxy-unreachable',
]);

/** What is known when a request failed before its first byte. */
export interface FailedRequest {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** 1 for the first request of a click. */
  readonly attempt: number;
  readonly isOffline: boolean;
  readonly baseMs: number;
  /** From 0 up to 1. */
  readonly random: number;
}

/** What to do after it. */
export type RetryDecision =
  | { readonly kind: 'wait'; readonly waitMs: number }
  /** `askedWaitMs`: the server named a time that is beyond waiting for. */
  | { readonly kind: 'give-up'; readonly askedWaitMs: number | null };

const GIVE_UP: RetryDecision = { kind: 'give-up', askedWaitMs: null };

/** Decides whether and when a request is made again. A server that names a time is never asked before it. */
export function decideRetry(failed: FailedRequest): RetryDecision {
  if (!RETRYABLE.has(failed.code)) return GIVE_UP;
  const askedWaitMs = askedWaitOf(failed.details);
  if (askedWaitMs !== null && askedWaitMs > MAX_RETRY_AFTER_MS) return { kind: 'give-up', askedWaitMs };
  if (failed.attempt >= MAX_REQUESTS) return GIVE_UP;
  const waitMs = askedWaitMs === null ? ownWait(failed) : askedWaitMs + spread(askedWaitMs, failed.random);
  return { kind: 'wait', waitMs: Math.round(waitMs) };
}

/** Whether a network that is back is a reason to ask at once. */
export function isNetworkFailure(code: ErrorCode): boolean {
  return code.startsWith('network/');
}

function askedWaitOf(details: ErrorDetails): number | null {
  const seconds = details['retryAfterS'];
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}

function spread(askedWaitMs: number, random: number): number {
  return random * Math.min(MAX_SPREAD_MS, askedWaitMs / 10);
}

/** Doubles with every attempt; between half of it and all of it. */
function ownWait({ code, attempt, isOffline, baseMs, random }: FailedRequest): number {
  if (isOffline && isNetworkFailure(code)) return OFFLINE_WAIT_MS;
  const longestMs = Math.min(MAX_BACKOFF_MS, baseMs * 2 ** (attempt - 1));
  return (longestMs * (1 + random)) / 2;
}
