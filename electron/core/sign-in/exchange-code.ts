import { z } from 'zod';
import { AppError } from '../../contract/app-error.ts';
import type { NetworkLog } from '../network/network-log.ts';
import type { Fetch } from '../network/network-transport.ts';
import { guardFetch } from '../providers/openai/guarded-fetch.ts';
import { mapOpenAIError, parseRetryAfter } from '../providers/openai/map-openai-error.ts';
import { parseKey } from '../vault/parse-key.ts';
import type { OpenRouterEndpoints } from './openrouter-endpoints.ts';

/** What the exchange goes through. */
export interface ExchangeDependencies {
  readonly endpoints: OpenRouterEndpoints;
  readonly fetch: Fetch;
  readonly log: NetworkLog;
  /** Aborted when the sign-in is cancelled. */
  readonly signal: AbortSignal;
}

/** Longest wait for the key. */
const EXCHANGE_TIMEOUT_MS = 20_000;

/** A key and a user id are a few hundred bytes. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** Further fields, such as the user's id, are nobody's business here and are dropped. */
const answerSchema = z.object({ key: z.string() });

/**
 * Exchanges a code for a key at the provider's own origin: no redirect, JSON only, bounded in size and time. Throws
 * `sign-in/*`, `network/*`, `provider/server-error` or `quota/rate-limited`; no error carries what was sent or answered.
 */
export async function exchangeCode(
  grant: { readonly code: string; readonly verifier: string },
  { endpoints, fetch, log, signal }: ExchangeDependencies,
): Promise<string> {
  const { origin, exchangeUrl } = endpoints;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(EXCHANGE_TIMEOUT_MS)]);
  const guarded = guardFetch(fetch, { origin, purpose: 'sign-in', keyLabel: null, log, signal: bounded });
  try {
    const response = await guarded(exchangeUrl, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'Latchkey' },
      body: JSON.stringify({
        code: grant.code,
        code_verifier: grant.verifier,
        code_challenge_method: 'S256',
      }),
      signal: bounded,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw refusalOf(response);
    }
    return readKey(await readBounded(response));
  } catch (error) {
    signal.throwIfAborted();
    throw bounded.aborted ? tooSlow() : toSignInError(error);
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    // Leaving the loop cancels the rest.
    if (bytes > MAX_ANSWER_BYTES) throw unexpected();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** No `cause` anywhere: a parser's complaint quotes what it read. */
function readKey(text: string): string {
  try {
    return parseKey(answerSchema.parse(JSON.parse(text)).key);
  } catch {
    throw unexpected();
  }
}

function refusalOf({ status, headers }: Response): AppError {
  if (status === 429) {
    const retryAfterS = parseRetryAfter(headers.get('retry-after'));
    return new AppError('quota/rate-limited', 'Too many requests for now.', {
      details: retryAfterS === null ? { status } : { status, retryAfterS },
    });
  }
  if (status >= 500) {
    return new AppError('provider/server-error', 'The provider has a problem.', { details: { status } });
  }
  return new AppError('sign-in/refused', 'The provider did not exchange the code for a key.', {
    details: { status },
  });
}

/** The guard speaks of keys and base URLs, which nobody has entered here. */
function toSignInError(error: unknown): AppError {
  const mapped = mapOpenAIError(error);
  const isAnswer = mapped.code === 'provider/redirected' || mapped.code === 'provider/unexpected-response';
  return isAnswer ? unexpected() : mapped;
}

function unexpected(): AppError {
  return new AppError('sign-in/unexpected-answer', 'The provider answered with something that is not a key.');
}

function tooSlow(): AppError {
  return new AppError('network/timeout', 'The server took too long.');
}
