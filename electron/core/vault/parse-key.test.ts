import { describe, expect, it } from 'vitest';
import { lastFour, parseKey } from './parse-key.ts';

describe('parseKey', () => {
  it('drops the white space around a copied key', () => {
    expect(parseKey(' \nsk-proj-abc123\r\n')).toBe('sk-proj-abc123');
  });

  it.each([
    ['', 'secret/empty-key', undefined],
    [' \n\t ', 'secret/empty-key', undefined],
    ['sk-one sk-two', 'secret/malformed-key', 'white-space'],
    ['sk-one\nsk-two', 'secret/malformed-key', 'white-space'],
    ['sk-\u200babc', 'secret/malformed-key', 'invisible-characters'],
    ['sk-\u202eabc', 'secret/malformed-key', 'invisible-characters'],
    ['sk-ключ', 'secret/malformed-key', 'unusual-characters'],
    ['sk-\0abc', 'secret/malformed-key', 'invisible-characters'],
    ['sk-one-0123456789abc sk-two-0123456789abc', 'secret/malformed-key', 'several-keys'],
    ['sk-one-0123456789abc\nsk-two-0123456789abc\n', 'secret/malformed-key', 'several-keys'],
    ['k'.repeat(100_000), 'secret/malformed-key', 'too-long'],
  ])('refuses %j', (raw, code, problem) => {
    let thrown: unknown;
    try {
      parseKey(raw);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code, details: problem === undefined ? {} : { problem } });
    expect(String(thrown)).not.toContain('sk-');
  });
});

describe('lastFour', () => {
  it('shows nothing of a short key', () => {
    expect(lastFour('short-key-15chr')).toBe('');
    expect(lastFour('sk-0123456789-4f2a')).toBe('4f2a');
  });
});
