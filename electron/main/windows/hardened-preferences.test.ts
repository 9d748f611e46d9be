import { describe, expect, it } from 'vitest';
import { findSoftPreferences, HARDENED_PREFERENCES, hardenedPreferences } from './hardened-preferences.ts';

describe('hardenedPreferences', () => {
  it('lets a window add its own settings and weaken none', () => {
    const preferences = hardenedPreferences({ preload: '/p.cjs', hasDevTools: false, partition: 'key-1' });
    expect(preferences).toEqual({
      ...HARDENED_PREFERENCES,
      preload: '/p.cjs',
      devTools: false,
      partition: 'key-1',
    });
    expect(findSoftPreferences({ ...preferences })).toEqual([]);
  });

  it('leaves the chat window on the default session', () => {
    expect(hardenedPreferences({ preload: '/p.cjs', hasDevTools: true })).not.toHaveProperty('partition');
  });
});

describe('findSoftPreferences', () => {
  it('names what is weaker, and judges only what is reported', () => {
    expect(findSoftPreferences({ sandbox: false, webSecurity: true, contextIsolation: undefined })).toEqual([
      'sandbox',
      'contextIsolation',
    ]);
  });
});
