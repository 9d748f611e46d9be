import { describe, expect, it } from 'vitest';
import { modelPriceSchema } from '../../contract/model/ledger.ts';
import { findPrice, isFree, listPrices } from './find-price.ts';

const OPENAI = 'https://api.openai.com';
const rates = {
  inputMicroUsd: 1,
  cachedInputMicroUsd: null,
  cacheWriteMicroUsd: null,
  outputMicroUsd: 2,
};

describe('findPrice', () => {
  it.each([
    ['gpt-5', 1_250_000],
    ['gpt-5-2026-08-07', 1_250_000],
    ['gpt-5-mini', 250_000],
    ['gpt-5.4-nano', 200_000],
    ['gpt-4o', 2_500_000],
    ['gpt-4o-2024-05-13', 5_000_000],
    ['gpt-4o-2024-11-20', 2_500_000],
  ])('knows %s at its maker', (model, inputMicroUsd) => {
    expect(findPrice(OPENAI, model, [])).toMatchObject({
      model,
      origin: 'list',
      rates: { inputMicroUsd },
      sourceUrl: expect.stringMatching(/^https:/) as string,
      readOn: expect.stringMatching(/^2026-/) as string,
    });
  });

  it.each([
    'gpt-5-ultra',
    'gpt-5-',
    'gpt-5-latest',
    'GPT-5',
    'gpt-5-2026',
    'gpt-5-2026-08-07-b',
    'o',
    '',
    '__proto__',
  ])('does not guess for %j', (model) =>
    expect(findPrice(OPENAI, model, [])).toMatchObject({ origin: 'unknown', rates: null }),
  );

  it.each([
    'https://openrouter.ai',
    'https://api.openai.com.example.net',
    'https://api.openai.com:8443',
    'http://api.openai.com',
  ])('does not take the list for %s', (origin) => expect(findPrice(origin, 'gpt-5', []).rates).toBeNull());

  it.each(['http://127.0.0.1:11434', 'http://localhost:1234', 'https://[::1]:8080'])(
    'finds %s free',
    (origin) => {
      const price = findPrice(origin, 'anything', []);
      expect(price.origin).toBe('local');
      expect(isFree(price)).toBe(true);
    },
  );

  it('puts a price of one’s own before everything, for a snapshot too', () => {
    const own = [{ model: 'gpt-5', rates }];
    for (const origin of [OPENAI, 'http://127.0.0.1:1', 'https://openrouter.ai']) {
      expect(findPrice(origin, 'gpt-5', own)).toMatchObject({ origin: 'own', rates });
      expect(findPrice(origin, 'gpt-5-2026-08-07', own)).toMatchObject({ origin: 'own', rates });
    }
    expect(findPrice(OPENAI, 'gpt-5-mini', own).origin).toBe('list');
  });

  it('tells free from unknown', () => {
    expect(isFree(findPrice('https://openrouter.ai', 'x', []))).toBe(false);
    expect(isFree(findPrice(OPENAI, 'gpt-5', []))).toBe(false);
  });
});

describe('the list', () => {
  it('names every model once, with a source, a day and sound prices', () => {
    const prices = listPrices(OPENAI);
    expect(prices.length).toBeGreaterThan(30);
    expect(new Set(prices.map(({ model }) => model)).size).toBe(prices.length);
    for (const price of prices) {
      modelPriceSchema.parse(price);
      for (const each of [price.rates, price.longContext?.rates]) {
        if (!each) continue;
        expect(each.inputMicroUsd).toBeGreaterThan(0);
        expect(each.outputMicroUsd).toBeGreaterThan(each.inputMicroUsd);
        expect(each.cachedInputMicroUsd ?? 0).toBeLessThan(each.inputMicroUsd);
      }
    }
  });

  it('is of one origin', () => expect(listPrices('https://openrouter.ai')).toEqual([]));
});
