import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDeepLink } from './parse-deep-link.ts';

describe('parseDeepLink', () => {
  it.each([
    ['latchkey://v1/chat?prompt=hello', 'hello'],
    ['latchkey://v1/chat?prompt=hello%20world', 'hello world'],
    ['latchkey://v1/chat?prompt=hello+world', 'hello world'],
    ['latchkey://v1/chat?prompt=a%0Ab', 'a\nb'],
    ['latchkey://v1/chat?prompt=%E2%9C%93%20%F0%9F%91%A9%E2%80%8D%F0%9F%92%BB', '✓ 👩‍💻'],
    ['latchkey://v1/chat?prompt=a%26send%3D1', 'a&send=1'],
  ])('reads %s', (link, prompt) => {
    expect(parseDeepLink(link)).toEqual({ kind: 'prompt', prompt });
  });

  it.each([
    '',
    'hello',
    'https://v1/chat?prompt=x',
    'LATCHKEY://v1/chat?prompt=x',
    'latchkey:v1/chat?prompt=x',
    'latchkey://v2/chat?prompt=x',
    'latchkey://v1/settings?prompt=x',
    'latchkey://v1/chat/?prompt=x',
    'latchkey://v1/chat?prompt=',
    'latchkey://v1/chat?prompt=%20%0A',
    'latchkey://v1/chat?prompt=x&send=1',
    'latchkey://v1/chat?send=1&prompt=x',
    'latchkey://v1/chat?prompt=x#y',
    'latchkey://v1/chat?prompt=x y',
    'latchkey://v1/chat?prompt=x" --inspect',
    'latchkey://user@v1/chat?prompt=x',
    'latchkey://v1:80/chat?prompt=x',
    'latchkey://v1/chat?prompt=%',
    'latchkey://v1/chat?prompt=%ff%fe',
    'latchkey://v1/chat?prompt=a%00b',
    'latchkey://v1/chat?prompt=a%1b%5B31mb',
    'latchkey://v1/chat?prompt=a%E2%80%AEb',
    'latchkey://v1/chat?prompt=a%E2%80%8Bb',
    'latchkey://v1/chat?prompt=a%F3%A0%81%A1b',
    `latchkey://v1/chat?prompt=${'x'.repeat(40_000)}`,
  ])('refuses %s', (link) => {
    expect(parseDeepLink(link).kind).toBe('unknown');
  });

  it('never throws and never invents text, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
        const link = parseDeepLink(`latchkey://v1/chat?prompt=${text}`);
        return link.kind === 'unknown' || link.prompt.length <= text.length;
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads back every prompt that was encoded and can be seen', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        fc.pre(text.trim().length > 0);
        const link = parseDeepLink(`latchkey://v1/chat?prompt=${encodeURIComponent(text)}`);
        return link.kind === 'prompt' && link.prompt === text;
      }),
    );
  });
});
