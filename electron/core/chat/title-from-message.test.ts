import { describe, expect, it } from 'vitest';
import { titleFromMessage } from './title-from-message.ts';

describe('titleFromMessage', () => {
  it.each([
    ['Explain monads', 'Explain monads'],
    ['\n\n  # **Plan** for `x`\nmore', 'Plan for x'],
    ['```\nconst a = 1\n```', 'const a = 1'],
    ['!!!', 'New chat'],
    ['', 'New chat'],
    ['word '.repeat(40), `${'word '.repeat(11)}word…`],
    ['界'.repeat(100), `${'界'.repeat(60)}…`],
    ['👩‍💻 hello', '👩‍💻 hello'],
  ])('makes of %j the title %j', (text, title) => {
    expect(titleFromMessage(text)).toBe(title);
  });
});
