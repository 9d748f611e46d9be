import { describe, expect, it } from 'vitest';
import { estimateFile, estimateTokens, estimateTurns } from './estimate-tokens.ts';

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

describe('estimateFile', () => {
  const file = { byteCount: 30_000, width: null, height: null } as const;

  it.each([
    [512, 512, 85 + 170],
    [1_024, 768, 85 + 4 * 170],
    [2_048, 2_048, 85 + 4 * 170],
    [2_048, 512, 85 + 4 * 170],
    [2_048, 1, 85 + 4 * 170],
    [1, 1, 85 + 170],
  ])('counts the tiles of a picture of %i by %i', (width, height, tokens) => {
    expect(estimateFile({ ...file, kind: 'image', width, height })).toBe(tokens);
  });

  it('counts text by its bytes and a PDF roughly, one of a page at least', () => {
    expect(estimateFile({ ...file, kind: 'text' })).toBe(10_000);
    expect(estimateFile({ ...file, kind: 'pdf' })).toBe(1_500);
    expect(estimateFile({ ...file, kind: 'pdf', byteCount: 4_000_000 })).toBe(100_000);
  });

  it('is part of what a message comes to', () => {
    const read = () => Promise.resolve(new Uint8Array());
    const picture = { kind: 'image', name: 'a.png', mediaType: 'image/png', read } as const;
    const files = [{ ...picture, byteCount: 9, width: 512, height: 512 }];
    const [text] = [estimateTurns([{ role: 'user', text: 'Hi' }])];
    expect(estimateTurns([{ role: 'user', text: 'Hi', files }])).toBe(text + 255);
  });
});
