import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLogFile } from './log-file.ts';

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

  it('starts a new file above one mebibyte and keeps the one before', async () => {
    const path = newPath();
    const log = createLogFile(
      path,
      (text) => text,
      () => 0,
    );
    log.info('small');
    await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('small'));
    writeFileSync(path, 'x'.repeat(1_048_577));
    log.info('new');
    await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('new'));
    expect(statSync(`${path}.1`).size).toBe(1_048_577);
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
