import { describe, expect, it } from 'vitest';
import { settingsSchema, type SettingsPatch } from '../../contract/model/settings.ts';
import { checkSettingsPatch } from './check-settings-patch.ts';

const MANUAL = { mode: 'manual', url: null, bypass: [], followsScripts: false } as const;

function check(proxy: Partial<NonNullable<SettingsPatch['proxy']>>) {
  return checkSettingsPatch({ proxy: { ...MANUAL, bypass: [], ...proxy } });
}

describe('checkSettingsPatch', () => {
  it('leaves what is not about the proxy alone', () => {
    expect(checkSettingsPatch({ theme: 'dark' })).toEqual({ theme: 'dark' });
  });

  it('writes an address the one way it is stored, which is what the settings take', () => {
    const { proxy } = check({ url: ' Proxy.test:3128 ', bypass: [' A.test ', ''] });
    expect(proxy).toEqual({ ...MANUAL, url: 'http://proxy.test:3128', bypass: ['a.test'] });
    expect(settingsSchema.parse({ proxy }).proxy).toEqual(proxy);
  });

  it('lets another mode keep no address, and takes an empty one for none', () => {
    expect(check({ mode: 'none', url: ' ' }).proxy?.url).toBeNull();
    expect(() => check({ url: '' })).toThrow(
      expect.objectContaining({ code: 'network/proxy-invalid', details: { reason: 'missing' } }) as Error,
    );
  });

  it.each(['http://a:b@proxy', 'a:b@proxy:1', 'socks5://a@proxy'])('refuses the login in %s', (url) => {
    for (const mode of ['manual', 'none'] as const)
      expect(() => check({ mode, url })).toThrow(
        expect.objectContaining({ code: 'network/proxy-url-with-login' }) as Error,
      );
  });

  it.each(['http://a:b@proxy:1', 'http://proxy', 'proxy:1', 'http://proxy:1/', 'ftp://proxy:1'])(
    'and an edited settings file with %s is not believed either',
    (url) => {
      expect(settingsSchema.safeParse({ proxy: { ...MANUAL, url } }).success).toBe(false);
    },
  );
});
