import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectDocument, scrubSiblings, toStorageError } from './inspect-document.ts';

const now = (): number => Date.UTC(2026, 0, 2, 3, 4, 5);
let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-document-'));
  path = join(folder, 'settings.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('inspectDocument', () => {
  it('says absent when there is no file', () => {
    expect(inspectDocument(path, now)).toEqual({ kind: 'absent' });
  });

  it('reads an object, with or without a byte order mark', () => {
    writeFileSync(path, '\uFEFF{"theme":"dark"}');
    expect(inspectDocument(path, now)).toEqual({ kind: 'value', value: { theme: 'dark' } });
  });

  it.each(['', '{"theme":"da', 'null', '[]', '"text"', '\0\0\0\0'])(
    'keeps %j aside, byte by byte',
    (text) => {
      writeFileSync(path, text);
      const keptAs = 'settings.damaged-2026-01-02T03-04-05-000Z.json';
      expect(inspectDocument(path, now)).toMatchObject({ kind: 'damaged', keptAs });
      expect(readdirSync(folder)).toEqual([keptAs]);
      expect(readFileSync(join(folder, keptAs), 'utf8')).toBe(text);
    },
  );

  it('reports a file that cannot be read instead of calling it damaged', () => {
    expect(() => inspectDocument(folder, now)).toThrow(expect.objectContaining({ code: 'storage/failed' }));
  });
});

describe('scrubSiblings', () => {
  const CIPHER_TEXT = 'djExq83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJ+/AbCdEf==';

  it('takes a text out of what was set aside and what a crash left, whole, cut or damaged, and nothing else', () => {
    const files = {
      'settings.json': `{"cipherText":"${CIPHER_TEXT}"}`,
      'settings.damaged-1.json': `{"keys":[{"id":"a","cipherText":"${CIPHER_TEXT}"},{"id":"b","cipherText":"other"}`,
      'settings.damaged-2.json': `{"cipherText":"${CIPHER_TEXT.slice(0, 30)}`,
      'settings.damaged-3.json': `{"cipherText":"${CIPHER_TEXT.replace('We', 'Xe')}"}`,
      'settings.json.tmp-0123456789abcdef': `{"cipherText":"${CIPHER_TEXT}"}`,
      'other.damaged-1.json': `{"cipherText":"${CIPHER_TEXT}"}`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    scrubSiblings(path, CIPHER_TEXT, 0);
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    expect(read('settings.json')).toBe(files['settings.json']);
    expect(read('other.damaged-1.json')).toBe(files['other.damaged-1.json']);
    for (const name of Object.keys(files).filter((each) => /^settings\.(damaged|json\.)/.test(each)))
      expect(read(name)).not.toContain(CIPHER_TEXT.slice(14, 30));
    expect(read('settings.damaged-1.json')).toContain('"cipherText":"other"');
    expect(readdirSync(folder)).toHaveLength(6);
  });
});

it('scrubSiblings leaves what other texts begin with', () => {
  const shared = 'djExSharedBeginningOfEveryKeyOfThisOrigin';
  const [mine, other] = [`${shared}0123456789abcdefMine`, `${shared}fedcba9876543210Other`];
  const aside = join(folder, 'settings.damaged-1.json');
  writeFileSync(aside, JSON.stringify({ keys: [mine, other] }));
  scrubSiblings(path, mine, shared.length);
  expect(JSON.parse(readFileSync(aside, 'utf8'))).toEqual({ keys: ['', other] });
});

describe('toStorageError', () => {
  it.each([
    ['ENOSPC', 'storage/full'],
    ['EROFS', 'storage/unwritable'],
    ['EACCES', 'storage/unwritable'],
    ['EIO', 'storage/failed'],
  ])('%s: %s', (code, expected) => {
    expect(toStorageError(Object.assign(new Error('x'), { code })).code).toBe(expected);
  });
});
