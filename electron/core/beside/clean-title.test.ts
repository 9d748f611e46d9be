import { describe, expect, it } from 'vitest';
import { createRedactor } from '../redaction/redactor.ts';
import { createKeySpotter } from '../vault/key-spotter.ts';
import { cleanTitle, MAX_MODEL_TITLE_LENGTH } from './clean-title.ts';

const redactor = createRedactor();
redactor.protect('unusual-secret-of-a-person-7f3a9c');
const finders = { redactor, keySpotter: createKeySpotter(redactor) };
const clean = (written: string) => cleanTitle(written, finders);

describe('cleanTitle', () => {
  it.each([
    ['Leases and locks', 'Leases and locks'],
    ['  "Leases and locks."  ', 'Leases and locks'],
    ['Title: Leases and locks', 'Leases and locks'],
    ['**Leases** and `locks`', 'Leases and locks'],
    ['# Leases and locks\n\nThis title says...', 'Leases and locks'],
    ['\n\n\nLeases', 'Leases'],
    ['«Verrous et baux»', 'Verrous et baux'],
    ['「租约与锁」', '租约与锁'],
    ["Ada's notes", "Ada's notes"],
    ["'Ada'", 'Ada'],
    ['Is it a lease?', 'Is it a lease?'],
    ['a\tb\u0000c\u001b[31md', 'a b c [31md'],
    ['safe\u202egnp.exe', 'safegnp.exe'],
    ['\u2066a\u2069\u200b\ufeffb\u00ad', 'ab'],
    ['می‌خواهم', 'می‌خواهم'],
    ['one\u2028two', 'one'],
    ['<think>What could it be?\nA lease.</think>\nLeases', 'Leases'],
    [`e${'\u0301'.repeat(40)}`, `e${'\u0301'.repeat(3)}`],
    ['half \ud800 a character', 'half a character'],
  ])('makes of %j', (written, title) => {
    expect(clean(written)).toBe(title);
  });

  it.each([
    '',
    '   \n ',
    '***',
    '“”',
    '🙂',
    '<think>It goes on and on',
    'Key sk-proj-abcdefghij0123456789abcdefghij',
    'sk-abcdefgh12',
    `${'word '.repeat(11)}sk-proj-abcdefghij0123456789abcdefghij`,
    'About unusual-secret-of-a-person-7f3a9c',
  ])('makes nothing of %j', (written) => {
    expect(clean(written)).toBeNull();
  });

  it('is never longer than a row of the list, and ends at a word where it can', () => {
    const title = clean('word '.repeat(1_000)) ?? '';
    expect([...title].length).toBeLessThanOrEqual(MAX_MODEL_TITLE_LENGTH);
    expect(title).toMatch(/word…$/);
    expect([...(clean('字'.repeat(100_000)) ?? '')]).toHaveLength(MAX_MODEL_TITLE_LENGTH);
  });
});
