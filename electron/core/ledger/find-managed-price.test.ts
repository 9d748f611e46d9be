import { describe, expect, it } from 'vitest';
import { findManagedPrice, findPrice } from './find-price.ts';

const OPENAI = 'https://api.openai.com';
const MODEL = 'gpt-4o';
const rates = (perToken: number) => ({
  inputMicroUsd: perToken,
  cachedInputMicroUsd: null,
  cacheWriteMicroUsd: null,
  outputMicroUsd: perToken,
});

describe('findManagedPrice', () => {
  it("takes the list's price where a person's own is lower", () => {
    const listed = findPrice(OPENAI, MODEL, []).rates;
    const { rates: found } = findManagedPrice(OPENAI, MODEL, [{ model: MODEL, rates: rates(0) }]);
    expect(found?.inputMicroUsd).toBe(listed?.inputMicroUsd);
    expect(found?.outputMicroUsd).toBe(listed?.outputMicroUsd);
    expect(found?.cachedInputMicroUsd).toBe(listed?.cachedInputMicroUsd);
  });

  it("takes a person's own price where it is higher", () => {
    const { rates: found } = findManagedPrice(OPENAI, MODEL, [{ model: MODEL, rates: rates(1e9) }]);
    expect(found).toMatchObject({ inputMicroUsd: 1e9, outputMicroUsd: 1e9 });
  });

  it('leaves a price unknown that nobody but the person knows', () => {
    const own = [{ model: 'no-such-model', rates: rates(1) }];
    expect(findManagedPrice('https://api.example.com', 'no-such-model', own).rates).toBeNull();
  });
});
