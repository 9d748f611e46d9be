import type { ModelPrice } from '../../contract/model/ledger.ts';

/** Models that do not write text, whatever they cost. */
const OTHER_KINDS =
  /embed|whisper|tts|dall-e|image|moderation|realtime|audio|transcribe|search|codex|-pro\b/i;

/** The model a title is asked of: the cheapest that the provider offers and whose price is known, or the one that answered. */
export function chooseTitleModel(
  answering: string,
  offered: readonly string[],
  prices: readonly ModelPrice[],
): string {
  // Where the price of the one that answers is unknown, nothing is known to be cheaper.
  let best = { model: answering, rate: rateOf(prices, answering) ?? 0 };
  for (const { model } of prices) {
    const rate = rateOf(prices, model);
    if (rate === null || rate >= best.rate || !offered.includes(model) || OTHER_KINDS.test(model)) continue;
    best = { model, rate };
  }
  return best.model;
}

/** A title sends much and receives little; both count. null when the price is unknown. */
function rateOf(prices: readonly ModelPrice[], model: string): number | null {
  const rates = prices.find((price) => price.model === model)?.rates ?? null;
  return rates === null ? null : rates.inputMicroUsd + rates.outputMicroUsd;
}
