import type { ErrorCode, WireError } from '../../contract/app-error.ts';
import type { Usage } from '../../contract/model/conversation.ts';
import type { ModelPrice } from '../../contract/model/ledger.ts';
import { costOf } from './cost-of.ts';
import { estimateTokens, PICTURE_TOKENS } from './estimate-tokens.ts';
import type { EntryEnd, OpenEntry } from './ledger-store.ts';

/** What is known of a request when it has ended. */
export interface EndedRequest {
  readonly error: WireError | null;
  /** As the API reported it. */
  readonly usage: Usage | null;
  /** What it brought. */
  readonly receivedText: string;
  readonly pictures: PictureCount;
}

/** How many pictures a request was about. */
export interface PictureCount {
  /** Arrived whole. */
  readonly received: number;
  /** Begun, as far as is known, whether or not they arrived. */
  readonly begun: number;
}

/** What brings text and nothing else. */
export const NO_PICTURES: PictureCount = { received: 0, begun: 0 };

/** With these a provider, or nobody, has been asked: without a word of an answer nothing is billed. */
const UNBILLED: ReadonlySet<ErrorCode> = new Set([
  'auth/missing-key',
  'auth/rejected-key',
  'auth/forbidden',
  'quota/rate-limited',
  'quota/insufficient',
  'request/context-too-long',
  'request/too-large',
  'request/invalid',
  'request/unknown-model',
  'network/unreachable',
  'network/dns',
  'network/tls',
  'network/forbidden-origin',
  'network/proxy-invalid',
  'network/proxy-unreachable',
  'network/proxy-login',
  'network/proxy-refused',
  'provider/server-error',
  'provider/unexpected-response',
  'provider/redirected',
]);

/**
 * What an ended request comes to; null when it was not billed. Tokens the API did not report are estimated: an answer that was
 * stopped or cut off is billed for what was sent and for what was written until then, a picture as a whole once it was begun.
 */
export function closeEntry(entry: OpenEntry, ended: EndedRequest): EntryEnd | null {
  if (ended.usage !== null) return endOf(ended.usage, entry.price, false);
  const { error, receivedText, pictures } = ended;
  const isEmpty = receivedText === '' && pictures.received === 0;
  if (error !== null && isUnbilled(error.code) && isEmpty) return null;
  const pictureTokens = PICTURE_TOKENS * Math.max(pictures.received, pictures.begun);
  const usage = {
    inputTokens: entry.inputTokens,
    outputTokens: estimateTokens(receivedText) + pictureTokens,
  };
  return endOf(usage, entry.price, true);
}

/** `secret/*`: the login of a proxy could not be read, so nothing left. */
function isUnbilled(code: ErrorCode): boolean {
  return UNBILLED.has(code) || code.startsWith('secret/');
}

function endOf(usage: Usage, price: ModelPrice | null, isEstimated: boolean): EntryEnd {
  return {
    inputTokens: usage.inputTokens,
    cachedInputTokens: usage.cachedInputTokens ?? 0,
    cacheWriteTokens: usage.cacheWriteTokens ?? 0,
    outputTokens: usage.outputTokens,
    reasoningTokens: usage.reasoningTokens ?? 0,
    costMicroUsd: price === null ? null : costOf(usage, price),
    isEstimated,
  };
}
