import { describe, expect, it } from 'vitest';

import { createGrowingPrinter } from './print-growing-text.mjs';

function printAll(states: readonly string[]) {
  let output = '';
  const print = createGrowingPrinter((part: string) => (output += part));
  states.forEach((state, index) => print(state, index === states.length - 1));
  return output;
}

describe('createGrowingPrinter', () => {
  it('prints every part of a growing text once', () => {
    const text = 'The quick brown fox jumps over the lazy dog, and then it does so once more.';
    const states = Array.from({ length: text.length }, (_, index) => text.slice(0, index + 1));
    expect(printAll(states)).toBe(`${text}\n`);
  });

  it('holds back markup that is redrawn when it is complete', () => {
    const before = 'A sentence that comes before ';
    expect(printAll([before, `${before}**bo`, `${before}bold and more`])).toBe(`${before}bold and more\n`);
  });

  it('ends with the whole line when more than the tail was redrawn', () => {
    const first = `${'a'.repeat(40)} ${'b'.repeat(40)}`;
    expect(printAll([first, 'something else']).endsWith('\nsomething else\n')).toBe(true);
  });

  it('prints a short text at the end', () => {
    expect(printAll(['Hi'])).toBe('Hi\n');
  });
});
