import { describe, expect, it } from 'vitest';
import { formatDateAndTime, formatWait } from './format.ts';

describe('formatWait', () => {
  it.each([
    [-5, '0 s'],
    [0, '0 s'],
    [1, '1 s'],
    [11_001, '12 s'],
    [99_000, '99 s'],
    [99_001, '2 min'],
    [600_000, '10 min'],
    [5_940_000, '99 min'],
    [6_000_000, '1 h 40 min'],
    [7_200_000, '2 h'],
    [86_400_000, '24 h'],
  ])('shows %i ms as %s', (milliseconds, text) => {
    expect(formatWait(milliseconds)).toBe(text);
  });
});

describe('formatDateAndTime', () => {
  it('names the day and the minute', () => {
    expect(formatDateAndTime(new Date(2026, 2, 3, 14, 5).getTime())).toBe('Mar 3, 2026, 14:05');
  });
});
