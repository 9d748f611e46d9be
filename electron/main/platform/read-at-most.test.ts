import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAtMost } from './read-at-most.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'latchkey-read-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('readAtMost', () => {
  it('reads a file up to a length', async () => {
    writeFileSync(path.join(folder, 'a'), 'abcdef');
    expect(Buffer.from(await readAtMost(path.join(folder, 'a'), 4)).toString()).toBe('abcd');
    expect(Buffer.from(await readAtMost(path.join(folder, 'a'), 40)).toString()).toBe('abcdef');
  });

  it.each(['folder', 'nowhere'])('refuses what is no file: %s', async (name) => {
    const place = name === 'folder' ? folder : path.join(folder, name);
    await expect(readAtMost(place, 4)).rejects.toMatchObject({ code: 'attachment/unreadable' });
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe rather than wait for its other end', async () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(readAtMost(pipe, 4)).rejects.toMatchObject({ code: 'attachment/unreadable' });
  });
});
