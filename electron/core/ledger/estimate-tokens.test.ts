import { describe, expect, it } from 'vitest';
import { estimateTokens, estimateTurns } from './estimate-tokens.ts';

describe('estimateTokens', () => {
  // The second number is what o200k_base counts.
  it.each([
    ['', 0],
    ['Could you explain how leases work?', 7],
    ['Съешь же ещё этих мягких французских булок, да выпей чаю.', 18],
    ['请用简单的语言解释一下什么是分布式系统中的租约机制。', 17],
    ['分散システムにおけるリースとは何かを簡単な言葉で説明してください。', 24],
    ['👩‍💻👩‍💻', 10],
  ])('is never below what %j has', (text, counted) => {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(counted);
    expect(estimateTokens(text)).toBeLessThanOrEqual(counted * 3);
  });

  it('takes lone surrogates and NUL as they come', () => {
    expect(estimateTokens('\0\ud800')).toBe(2);
  });
});

describe('estimateTurns', () => {
  it('counts every turn and what is around it', () => {
    expect(
      estimateTurns([
        { role: 'user', text: 'abcd' },
        { role: 'assistant', text: '' },
      ]),
    ).toBe(9);
    expect(estimateTurns([])).toBe(0);
  });
});
