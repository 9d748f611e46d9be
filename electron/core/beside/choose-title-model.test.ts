import { describe, expect, it } from 'vitest';
import type { ModelPrice } from '../../contract/model/ledger.ts';
import { chooseTitleModel } from './choose-title-model.ts';

function price(model: string, rate: number | null): ModelPrice {
  const more = { cachedInputMicroUsd: null, cacheWriteMicroUsd: null };
  const rates = rate === null ? null : { ...more, inputMicroUsd: rate, outputMicroUsd: rate * 4 };
  return { model, rates, origin: 'list', longContext: null, sourceUrl: null, readOn: null };
}

const prices = [price('large', 100), price('small', 10), price('tiny', 1), price('text-embedding-3', 0)];
const offered = prices.map(({ model }) => model);

describe('chooseTitleModel', () => {
  it.each([
    ['the cheapest that is offered', 'large', offered, prices, 'tiny'],
    ['no model that the provider does not offer', 'large', ['large', 'small'], prices, 'small'],
    ['no embedding, however cheap', 'tiny', offered, prices, 'tiny'],
    ['the one that answered, when nobody knows what is offered', 'large', [], prices, 'large'],
    [
      'the one that answered, when its price is unknown',
      'house',
      offered,
      [...prices, price('house', null)],
      'house',
    ],
    ['the one that answered, when it has no row', 'house', offered, prices, 'house'],
    [
      'the one that answered, when it is free',
      'own',
      [...offered, 'own'],
      [...prices, price('own', 0)],
      'own',
    ],
    ['no model of unknown price', 'small', ['small', 'other'], [...prices, price('other', null)], 'small'],
  ])('takes %s', (_name, answering, of, known, chosen) => {
    expect(chooseTitleModel(answering, of, known)).toBe(chosen);
  });
});
