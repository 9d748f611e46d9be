import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLogFile, readLogTail } from './log-file.ts';

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'logs', 'latchkey.log');
}

describe('createLogFile', () => {
  it('writes lines in order, redacted, readable by the owner only', async () => {
    const path = newPath();
    const log = createLogFile(
      path,
      (text) => text.replaceAll('hunter2', '[redacted]'),
      () => 0,
    );
    log.info('first');
    log.error('second', { error: new Error('hunter2 failed', { cause: 'quoted' }) });
    await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('second'));
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    expect(lines[0]).toBe('1970-01-01T00:00:00.000Z info first {}');
    expect(lines[1]).toContain('[redacted] failed');
    expect(lines[1]).not.toContain('quoted');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('rotates, and never takes more than two mebibytes, readable by the owner only', async () => {
    const path = newPath();
    const log = createLogFile(
      path,
      (text) => text,
      () => 0,
    );
    const line = 'x'.repeat(10_000);
    const count = 400;
    for (let index = 0; index < count; index += 1) log.info(`${index}-${line}`);
    log.info('the last');
    await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('the last'), { timeout: 10_000 });
    expect(readdirSync(dirname(path)).toSorted()).toEqual(['latchkey.log', 'latchkey.log.1']);
    for (const file of [path, `${path}.1`]) {
      expect(statSync(file).size).toBeLessThanOrEqual(1_048_576);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    // Nothing is lost around the turn: the two files are the last lines, in order.
    const kept = (readFileSync(`${path}.1`, 'utf8') + readFileSync(path, 'utf8'))
      .split('\n')
      .flatMap((text) => /info (\d+)-/.exec(text)?.[1] ?? []);
    expect(kept).toEqual(
      Array.from({ length: kept.length }, (_, index) => String(count - kept.length + index)),
    );
    expect(kept.length).toBeGreaterThan(100);
  });

  it('cuts a line that would fill it, after it was redacted', async () => {
    const path = newPath();
    const log = createLogFile(
      path,
      (text) => text.replaceAll('hunter2', '[redacted]'),
      () => 0,
    );
    log.error('large', { error: new Error(`${'y'.repeat(16_330)}hunter2${'z'.repeat(5_000_000)}`) });
    await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('[cut]'));
    expect(statSync(path).size).toBeLessThan(20_000);
    expect(readFileSync(path, 'utf8')).not.toContain('hunter');
  });

  it('takes the rights of others away from a file that was there before', async () => {
    const path = newPath();
    mkdirSync(dirname(path));
    writeFileSync(path, 'old\n', { mode: 0o644 });
    createLogFile(
      path,
      (text) => text,
      () => 0,
    ).info('new');
    await vi.waitFor(() => expect(statSync(path).mode & 0o777).toBe(0o600));
  });

  it('survives a place it cannot write to', async () => {
    const log = createLogFile(
      '/dev/null/latchkey.log',
      (text) => text,
      () => 0,
    );
    expect(() => log.warn('nowhere')).not.toThrow();
  });
});

describe('readLogTail', () => {
  it('is empty where there is no log', async () => {
    expect(await readLogTail(newPath(), 100)).toBe('');
  });

  it('gives whole lines, the last ones', async () => {
    const path = newPath();
    mkdirSync(dirname(path));
    writeFileSync(path, 'first\nsecond\nthird\n');
    expect(await readLogTail(path, 1_000)).toBe('first\nsecond\nthird\n');
    expect(await readLogTail(path, 10)).toBe('third\n');
  });

  it('does not hide that a log cannot be read', async () => {
    await expect(readLogTail('/dev/null/latchkey.log', 100)).rejects.toThrow(/ENOTDIR/);
  });
});
