import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelPrice, Rates } from '../../contract/model/ledger.ts';
import { costOf } from './cost-of.ts';

function priced(rates: Rates | null, longContext: ModelPrice['longContext'] = null): ModelPrice {
  return { model: 'm', rates, longContext, origin: 'own', sourceUrl: null, readOn: null };
}

const rates: Rates = {
  inputMicroUsd: 2_000_000,
  cachedInputMicroUsd: 200_000,
  cacheWriteMicroUsd: 2_500_000,
  outputMicroUsd: 10_000_000,
};

describe('costOf', () => {
  it.each([
    ['input and output', { inputTokens: 1_000, outputTokens: 500 }, 7_000],
    ['cached input at its own price', { inputTokens: 1_000, cachedInputTokens: 900, outputTokens: 0 }, 380],
    ['input that was all cached', { inputTokens: 1_000, cachedInputTokens: 1_000, outputTokens: 0 }, 200],
    [
      'input that was written to the cache',
      { inputTokens: 1_000, cacheWriteTokens: 1_000, outputTokens: 0 },
      2_500,
    ],
    [
      'reasoning once, as the output it is',
      { inputTokens: 0, outputTokens: 100, reasoningTokens: 90 },
      1_000,
    ],
    ['nothing', { inputTokens: 0, outputTokens: 0 }, 0],
  ])('reckons %s', (_name, usage, cost) => {
    expect(costOf(usage, priced(rates))).toBe(cost);
  });

  it.each([
    [1, 1],
    [999_999, 1],
    [1_000_000, 1],
    [1_000_001, 2],
  ])('rounds %i tokens at the smallest price up to %i', (inputTokens, cost) => {
    const cheap = { ...rates, inputMicroUsd: 1 };
    expect(costOf({ inputTokens, outputTokens: 0 }, priced(cheap))).toBe(cost);
  });

  it('says unknown for a price that is, and zero only for one that is zero', () => {
    const usage = { inputTokens: 5_000, outputTokens: 5_000 };
    expect(costOf(usage, priced(null))).toBeNull();
    const free = { inputMicroUsd: 0, cachedInputMicroUsd: null, cacheWriteMicroUsd: null, outputMicroUsd: 0 };
    expect(costOf(usage, priced(free))).toBe(0);
  });

  it('takes input for cached and written input that has no price of its own', () => {
    const plain = { ...rates, cachedInputMicroUsd: null, cacheWriteMicroUsd: null };
    const usage = { inputTokens: 1_000, cachedInputTokens: 400, cacheWriteTokens: 400, outputTokens: 0 };
    expect(costOf(usage, priced(plain))).toBe(2_000);
  });

  it('changes to the other price beyond the limit of a context, for the whole request', () => {
    const long = { ...rates, inputMicroUsd: 4_000_000, outputMicroUsd: 15_000_000 };
    const price = priced(rates, { overInputTokens: 1_000, rates: long });
    expect(costOf({ inputTokens: 1_000, outputTokens: 100 }, price)).toBe(3_000);
    expect(costOf({ inputTokens: 1_001, outputTokens: 100 }, price)).toBe(5_504);
  });

  it('is exact where doubles are not', () => {
    const dear = { ...rates, inputMicroUsd: 999_999_999, outputMicroUsd: 999_999_999 };
    const cost = costOf({ inputTokens: 99_999_999, outputTokens: 99_999_999 }, priced(dear));
    expect(cost).toBe(Number((99_999_999n * 999_999_999n * 2n + 999_999n) / 1_000_000n));
  });

  it('never falls when a token is added, and is always a whole number', () => {
    const tokens = fc.integer({ min: 0, max: 100_000_000 });
    const rate = fc.integer({ min: 0, max: 1_000_000_000 });
    fc.assert(
      fc.property(tokens, tokens, rate, rate, (inputTokens, outputTokens, inputMicroUsd, outputMicroUsd) => {
        const price = priced({ ...rates, inputMicroUsd, outputMicroUsd });
        const cost = costOf({ inputTokens, outputTokens }, price) ?? -1;
        expect(Number.isSafeInteger(cost)).toBe(true);
        expect(costOf({ inputTokens: inputTokens + 1, outputTokens }, price)).toBeGreaterThanOrEqual(cost);
        expect(costOf({ inputTokens, outputTokens: outputTokens + 1 }, price)).toBeGreaterThanOrEqual(cost);
      }),
    );
  });
});
