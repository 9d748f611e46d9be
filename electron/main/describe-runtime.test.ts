import { describe, expect, it } from 'vitest';
import { describePlatform, describeRuntime } from './describe-runtime.ts';

describe('describeRuntime', () => {
  it.each([
    ['33.4.11', true],
    ['44.9.9', true],
    ['45.0.0', false],
    ['45.4.1', false],
    ['46.0.0', false],
  ])('Electron %s is a development runtime: %s', (electron, isDevelopment) => {
    const versions = { ...process.versions, electron, chrome: '130' };
    expect(describeRuntime(versions, 45, false)).toMatchObject({ electron, chrome: '130', isDevelopment });
  });
});

describe('describePlatform', () => {
  it.each([
    ['win32', 'win32'],
    ['darwin', 'darwin'],
    ['linux', 'linux'],
    ['freebsd', 'linux'],
  ] as const)('%s: %s', (platform, expected) => expect(describePlatform(platform)).toBe(expected));
});
