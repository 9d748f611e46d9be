import { describe, expect, it } from 'vitest';
import { decimalUsd, formatUsd } from './format-usd.ts';

describe('formatUsd', () => {
  it.each([
    [0, '$0.00'],
    [1, 'less than $0.0001'],
    [12_345, '$0.0123'],
    [10_000, '$0.01'],
    [500_000, '$0.50'],
    [3_100_000, '$3.10'],
    [1_234_500_000, '$1,234.50'],
  ])('writes %i as %s', (microUsd, text) => expect(formatUsd(microUsd)).toBe(text));
});

describe('decimalUsd', () => {
  it.each([
    [0, '0.000000'],
    [1, '0.000001'],
    [12_345, '0.012345'],
    [3_100_000, '3.100000'],
    [9_007_199_254_740_991, '9007199254.740991'],
  ])('writes %i as %s', (microUsd, text) => expect(decimalUsd(microUsd)).toBe(text));
});
