import type { Rates } from '../../contract/model/ledger.ts';

/** A price as the provider publishes it. */
export interface ListPrice {
  readonly model: string;
  readonly rates: Rates;
  readonly longContext: { readonly overInputTokens: number; readonly rates: Rates } | null;
  readonly sourceUrl: string;
  /** The day of the copy of the source it was taken from. */
  readonly readOn: string;
}

/** The only origin this list is true of. */
export const LISTED_ORIGIN = 'https://api.openai.com';

const SOURCE_URL = 'https://developers.openai.com/api/docs/pricing';
const LONG_CONTEXT_TOKENS = 272_000;

/** Dollars per million tokens: input, cached input, input written to the cache, output. null: the list has no such price. */
type Dollars = readonly [input: number, cached: number | null, written: number | null, output: number];

// Standard tier, text. `gpt-5.6-sol` is left out on purpose: what is known of it was a promotion until 2026-11-21.
const SEPTEMBER = '2026-09-22';
const OCTOBER = '2026-10-05';

/** Prices of models that write text. Dated: a newer list is a newer Latchkey, or a price of one's own. */
export const LIST_PRICES: readonly ListPrice[] = [
  listed('gpt-6.1-sol', OCTOBER, [2, 0.1, 2.5, 10], [4, 0.2, 5, 15]),
  listed('gpt-6-astra', OCTOBER, [10, 1, 12.5, 50], [20, 2, 25, 75]),
  listed('gpt-6-sol', OCTOBER, [2, 0.2, 2.5, 10], [4, 0.4, 5, 15]),
  listed('gpt-6-luna', OCTOBER, [0.1, 0.01, 0.125, 0.5], [0.2, 0.02, 0.25, 0.75]),
  listed('gpt-5.6-terra', OCTOBER, [2, 0.2, 2.5, 12], [4, 0.4, 5, 18]),
  listed('gpt-5.6-luna', OCTOBER, [0.2, 0.02, 0.25, 1.2], [0.4, 0.04, 0.5, 1.8]),
  listed('gpt-5.5', OCTOBER, [5, 0.5, null, 30], [10, 1, null, 45]),
  listed('gpt-5.5-pro', SEPTEMBER, [30, null, null, 180], [60, null, null, 270]),
  listed('gpt-5.4', OCTOBER, [2.5, 0.25, null, 15], [5, 0.5, null, 22.5]),
  listed('gpt-5.4-mini', OCTOBER, [0.75, 0.075, null, 4.5]),
  listed('gpt-5.4-nano', OCTOBER, [0.2, 0.02, null, 1.25]),
  listed('gpt-5.4-pro', SEPTEMBER, [30, null, null, 180], [60, null, null, 270]),
  listed('gpt-5.3-codex', OCTOBER, [1.75, 0.175, null, 14]),
  listed('gpt-5.2', OCTOBER, [1.75, 0.175, null, 14]),
  listed('gpt-5.2-codex', OCTOBER, [1.75, 0.175, null, 14]),
  listed('gpt-5.2-pro', SEPTEMBER, [21, null, null, 168]),
  listed('gpt-5.1', OCTOBER, [1.25, 0.125, null, 10]),
  listed('gpt-5.1-codex', OCTOBER, [1.25, 0.125, null, 10]),
  listed('gpt-5', OCTOBER, [1.25, 0.125, null, 10]),
  listed('gpt-5-mini', OCTOBER, [0.25, 0.025, null, 2]),
  listed('gpt-5-nano', OCTOBER, [0.05, 0.005, null, 0.4]),
  listed('gpt-5-pro', SEPTEMBER, [15, null, null, 120]),
  listed('gpt-4.1', OCTOBER, [2, 0.5, null, 8]),
  listed('gpt-4.1-mini', OCTOBER, [0.4, 0.1, null, 1.6]),
  listed('gpt-4.1-nano', OCTOBER, [0.1, 0.025, null, 0.4]),
  listed('gpt-4o', SEPTEMBER, [2.5, 1.25, null, 10]),
  listed('gpt-4o-2024-05-13', SEPTEMBER, [5, null, null, 15]),
  listed('gpt-4o-mini', SEPTEMBER, [0.15, 0.075, null, 0.6]),
  listed('o4-mini', SEPTEMBER, [1.1, 0.275, null, 4.4]),
  listed('o3', SEPTEMBER, [2, 0.5, null, 8]),
  listed('o3-pro', SEPTEMBER, [20, null, null, 80]),
  listed('o3-mini', SEPTEMBER, [1.1, 0.55, null, 4.4]),
  listed('o1', SEPTEMBER, [15, 7.5, null, 60]),
  listed('o1-pro', SEPTEMBER, [150, null, null, 600]),
  listed('gpt-4-turbo-2024-04-09', SEPTEMBER, [10, null, null, 30]),
  listed('gpt-4-0613', SEPTEMBER, [30, null, null, 60]),
  listed('gpt-3.5-turbo', SEPTEMBER, [0.5, null, null, 1.5]),
  listed('gpt-3.5-turbo-0125', SEPTEMBER, [0.5, null, null, 1.5]),
  listed('gpt-3.5-turbo-1106', SEPTEMBER, [1, null, null, 2]),
];

function listed(model: string, readOn: string, short: Dollars, long?: Dollars): ListPrice {
  const longContext =
    long === undefined ? null : { overInputTokens: LONG_CONTEXT_TOKENS, rates: toRates(long) };
  return { model, rates: toRates(short), longContext, sourceUrl: SOURCE_URL, readOn };
}

function toRates([input, cached, written, output]: Dollars): Rates {
  return {
    inputMicroUsd: toMicro(input),
    cachedInputMicroUsd: cached === null ? null : toMicro(cached),
    cacheWriteMicroUsd: written === null ? null : toMicro(written),
    outputMicroUsd: toMicro(output),
  };
}

function toMicro(dollars: number): number {
  return Math.round(dollars * 1_000_000);
}
