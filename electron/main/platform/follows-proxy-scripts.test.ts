import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followsProxyScripts } from './follows-proxy-scripts.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-scripts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SYSTEM = { mode: 'system', url: null, bypass: [], followsScripts: true };

describe('followsProxyScripts', () => {
  it('says no without settings', () => {
    expect(followsProxyScripts(folder)).toBe(false);
  });

  it.each([
    ['asked for', { proxy: SYSTEM, theme: 'dark' }, true],
    ['not asked for', { proxy: { ...SYSTEM, followsScripts: false } }, false],
    ['another mode', { proxy: { ...SYSTEM, mode: 'none' } }, false],
    ['older settings', { theme: 'dark' }, false],
    ['nonsense', { proxy: { ...SYSTEM, mode: 'always' } }, false],
    ['a list', [SYSTEM], false],
  ])('%s', (_name, settings, expected) => {
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
    expect(followsProxyScripts(folder)).toBe(expected);
  });

  it('says no to a damaged file, and leaves it to be found', () => {
    writeFileSync(join(folder, 'settings.json'), '{"proxy": {"mode": "sys');
    expect(followsProxyScripts(folder)).toBe(false);
  });
});
