import type { Usage } from '../../contract/model/conversation.ts';
import type { ModelPrice } from '../../contract/model/ledger.ts';

const TOKENS_PER_RATE = 1_000_000n;

/**
 * What a request costs, in micro-USD; null when the price is unknown. Cached and written input are parts of the input,
 * reasoning is part of the output. Rounded up once, so that what cost something is never shown as nothing.
 */
export function costOf(usage: Usage, price: ModelPrice): number | null {
  const isLong = price.longContext !== null && usage.inputTokens > price.longContext.overInputTokens;
  const rates = isLong && price.longContext !== null ? price.longContext.rates : price.rates;
  if (rates === null) return null;
  const cached = usage.cachedInputTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const plain = Math.max(0, usage.inputTokens - cached - written);
  const total =
    share(plain, rates.inputMicroUsd) +
    share(cached, rates.cachedInputMicroUsd ?? rates.inputMicroUsd) +
    share(written, rates.cacheWriteMicroUsd ?? rates.inputMicroUsd) +
    share(usage.outputTokens, rates.outputMicroUsd);
  return Number((total + TOKENS_PER_RATE - 1n) / TOKENS_PER_RATE);
}

/** Exact: the product of two numbers may be beyond what a double holds. */
function share(tokens: number, rate: number): bigint {
  return BigInt(tokens) * BigInt(rate);
}
