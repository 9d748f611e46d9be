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
  readonly policy: ContextPolicy;
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
      readonly limitTokens: number;
    }
  /** What may not be left out is too long by itself. */
  | { readonly kind: 'too-long'; readonly inputTokens: number; readonly limitTokens: number };

/**
 * Makes a conversation fit the model, by these rules:
 * 1. The system prompt, the summary and the last `requiredCount` turns always stay.
 * 2. The oldest exchange goes first, whole: a question with its answers. A window that begins with an answer to a question that
 *    is not in it makes no sense to a model. Order is kept, and nothing is left out from the middle.
 * 3. No more goes than has to.
 * 4. With the policy `ask`, nothing goes; the caller asks the person.
 */
export function fitContext(request: FitRequest): FitResult {
  const { turns, requiredCount, summary, windowTokens, policy } = request;
  const required = Math.min(requiredCount, turns.length);
  const measured = (from: number): number => inputTokensOf(request, turns.slice(from));
  const fitsFrom = (from: number): FitResult => ({
    kind: 'fits',
    turns: withSummary(summary, turns.slice(from)),
    omittedCount: from,
    inputTokens: measured(from),
  });
  if (windowTokens === null) return fitsFrom(0);
  const limitTokens = inputLimitOf(windowTokens, request.reservedOutputTokens);
  const inputTokens = measured(0);
  if (inputTokens <= limitTokens) return fitsFrom(0);
  const from = exchangeStarts(turns, required).find((start) => measured(start) <= limitTokens);
  if (from === undefined)
    return { kind: 'too-long', inputTokens: measured(turns.length - required), limitTokens };
  return policy === 'ask' ? { kind: 'ask', omittedCount: from, inputTokens, limitTokens } : fitsFrom(from);
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
  const text = `[Summary of the earlier part of this conversation]\n${summary}\n[End of the summary]`;
  const [first, ...rest] = turns;
  if (first?.role !== 'user') return [{ role: 'user', text }, ...turns];
  return [{ ...first, text: `${text}\n\n${first.text}` }, ...rest];
}

function inputTokensOf({ systemPrompt, summary }: FitRequest, turns: readonly ProviderTurn[]): number {
  const systemTokens = systemPrompt === '' ? 0 : estimateTurns([{ role: 'user', text: systemPrompt }]);
  return systemTokens + estimateTurns(withSummary(summary, turns));
}

/** Where the turns may begin, the one that leaves out least first: at a question, and at the first turn that has to stay. */
function exchangeStarts(turns: readonly ProviderTurn[], required: number): readonly number[] {
  const firstRequired = turns.length - required;
  return [...turns.keys()].filter(
    (index) => index <= firstRequired && (turns[index]?.role === 'user' || index === firstRequired),
  );
}
