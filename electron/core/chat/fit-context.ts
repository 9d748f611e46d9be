import type { ContextPolicy } from '../../contract/model/settings.ts';
import { estimateTurns } from '../ledger/estimate-tokens.ts';
import type { ProviderTurn } from '../providers/chat-provider.ts';

/**
 * The part of a window that is not used: tokens are estimated by characters, and for dense JSON or source code that is too few
 * by up to a third (docs/costs.md). What is still too long is refused by the provider, and can be shortened then.
 */
const MARGIN = 0.15;
/** Room for the answer: that of a long one, and never more than a quarter of a small window. */
const ANSWER_TOKENS = 8_192;

/**
 * Most bytes of one request, texts and files together, before Base64: OpenAI takes 50 MB of files in one
 * (https://developers.openai.com/api/docs/guides/file-inputs), and a request is one string in main.
 */
export const MAX_REQUEST_BYTES = 50_000_000;

/** What is to be sent, and what may be. */
export interface FitRequest {
  /** The messages that are sent as they are, oldest first; what a summary stands for is not among them. */
  readonly turns: readonly ProviderTurn[];
  /** How many of the last turns are never left out: the message that is answered and, for Continue, what it has so far. */
  readonly requiredCount: number;
  /** '' is none. Never left out. */
  readonly systemPrompt: string;
  /** Stands before the turns and is never left out; null when there is none. */
  readonly summary: string | null;
  /** How much the model reads and writes at once; null when nobody knows: then nothing is left out. */
  readonly windowTokens: number | null;
  /** Room kept free for the answer. */
  readonly reservedOutputTokens: number;
  /** Of texts and files together. */
  readonly maxBytes: number;
  readonly policy: ContextPolicy;
}

/** How much turns come to. */
interface Size {
  readonly tokens: number;
  readonly bytes: number;
}

/** What fits. All tokens are estimates. */
export type FitResult =
  | {
      readonly kind: 'fits';
      /** With the summary in front. */
      readonly turns: readonly ProviderTurn[];
      /** How many of the first turns were left out. */
      readonly omittedCount: number;
      readonly inputTokens: number;
    }
  /** Does not fit as it is; with `omittedCount` turns less it would. */
  | {
      readonly kind: 'ask';
      readonly omittedCount: number;
      readonly inputTokens: number;
      /** null when it is only too many bytes. */
      readonly limitTokens: number | null;
      readonly bytes: number;
    }
  /** What may not be left out is too long by itself. */
  | { readonly kind: 'too-long'; readonly inputTokens: number; readonly limitTokens: number }
  /** What may not be left out is too many bytes by itself. */
  | { readonly kind: 'too-large'; readonly bytes: number };

/**
 * Makes a conversation fit the model, by these rules:
 * 1. The system prompt, the summary and the last `requiredCount` turns always stay.
 * 2. The oldest exchange goes first, whole: a question with its answers. A window that begins with an answer to a question that
 *    is not in it makes no sense to a model. Order is kept, and nothing is left out from the middle.
 * 3. No more goes than has to, for tokens as for bytes.
 * 4. With the policy `ask`, nothing goes; the caller asks the person.
 */
export function fitContext(request: FitRequest): FitResult {
  const { turns, summary, windowTokens, maxBytes, policy } = request;
  const firstRequired = Math.max(0, turns.length - request.requiredCount);
  const limitTokens = windowTokens === null ? null : inputLimitOf(windowTokens, request.reservedOutputTokens);
  const sizes = sizesFrom(request);
  const sizeAt = (start: number): Size => sizes[start] ?? { tokens: 0, bytes: 0 };
  const fits = ({ tokens, bytes }: Size): boolean =>
    bytes <= maxBytes && (limitTokens === null || tokens <= limitTokens);
  const from = possibleStarts(turns, firstRequired).find((start) => fits(sizeAt(start)));
  if (from === undefined) {
    const { tokens, bytes } = sizeAt(firstRequired);
    return bytes > maxBytes || limitTokens === null
      ? { kind: 'too-large', bytes }
      : { kind: 'too-long', inputTokens: tokens, limitTokens };
  }
  if (from > 0 && policy === 'ask') {
    const { tokens, bytes } = sizeAt(0);
    return { kind: 'ask', omittedCount: from, inputTokens: tokens, limitTokens, bytes };
  }
  return {
    kind: 'fits',
    turns: withSummary(summary, turns.slice(from)),
    omittedCount: from,
    inputTokens: sizeAt(from).tokens,
  };
}

/** How much may be sent to a window of this size. */
export function inputLimitOf(windowTokens: number, reservedOutputTokens: number): number {
  return Math.max(0, Math.floor(windowTokens * (1 - MARGIN)) - reservedOutputTokens);
}

/** The room that is kept free for an answer in a window of this size. */
export function reservedOutputFor(windowTokens: number | null): number {
  return windowTokens === null ? ANSWER_TOKENS : Math.min(ANSWER_TOKENS, Math.floor(windowTokens / 4));
}

/** Puts a summary where a model reads it first: in front of the first message, so that roles still take turns. */
export function withSummary(summary: string | null, turns: readonly ProviderTurn[]): readonly ProviderTurn[] {
  if (summary === null) return turns;
  const text = marked(summary);
  const [first, ...rest] = turns;
  if (first?.role !== 'user') return [{ role: 'user', text }, ...turns];
  return [{ ...first, text: `${text}\n\n${first.text}` }, ...rest];
}

function marked(summary: string): string {
  return `[Summary of the earlier part of this conversation]\n${summary}\n[End of the summary]`;
}

/** How much is sent when the turns begin at each place. One pass: a conversation can have thousands, and main waits. */
function sizesFrom({ turns, systemPrompt, summary }: FitRequest): readonly Size[] {
  const before = systemPrompt === '' ? [] : [turnOf(systemPrompt)];
  // As a turn of its own: inside the first one it comes to a few tokens less.
  if (summary !== null) before.push(turnOf(marked(summary)));
  let size: Size = { tokens: estimateTurns(before), bytes: bytesOf(before) };
  const sizes = [size];
  for (const turn of turns.toReversed()) {
    size = { tokens: size.tokens + estimateTurns([turn]), bytes: size.bytes + bytesOf([turn]) };
    sizes.push(size);
  }
  return sizes.toReversed();
}

function turnOf(text: string): ProviderTurn {
  return { role: 'user', text };
}

/** A text by its characters, which is what a request is made of before it is sent. */
function bytesOf(turns: readonly ProviderTurn[]): number {
  return turns.reduce(
    (sum, { text, files = [] }) => files.reduce((bytes, file) => bytes + file.byteCount, sum + text.length),
    0,
  );
}

/** Where the turns may begin, the one that leaves out least first: as they are, at a question, at the first that has to stay. */
function possibleStarts(turns: readonly ProviderTurn[], firstRequired: number): readonly number[] {
  return [...turns.keys(), turns.length].filter(
    (index) =>
      index === 0 || index === firstRequired || (index < firstRequired && turns[index]?.role === 'user'),
  );
}
