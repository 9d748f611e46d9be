import { describe, expect, it, vi } from 'vitest';
import type { ProxySettings } from '../../contract/model/network.ts';
import { chooseRoute } from './choose-route.ts';

const SETTINGS: ProxySettings = { mode: 'system', url: null, bypass: [], followsScripts: false };
const MANUAL = { mode: 'manual', url: 'http://manual:3128', bypass: ['*.corp.test', '<local>'] } as const;
const VARIABLES = {
  https_proxy: 'http://ada:pw@env:3128',
  all_proxy: 'socks5://all:1080',
  no_proxy: 'localhost, example.org .internal.test',
};

async function routeOf(
  target: string,
  proxy: Partial<Omit<ProxySettings, 'bypass'>> & { readonly bypass?: readonly string[] },
  variables: Readonly<Record<string, string>> = VARIABLES,
): Promise<string> {
  const route = await chooseRoute(new URL(target), {
    proxy: { ...SETTINGS, ...proxy, bypass: [...(proxy.bypass ?? [])] },
    variables,
    resolveProxy: () => Promise.resolve('PROXY system:8080; DIRECT'),
  });
  return route.kind === 'direct' ? 'direct' : route.proxy.origin;
}

describe('chooseRoute', () => {
  it.each([
    ['https://api.test', { mode: 'none' }, 'direct'],
    ['https://api.test', { mode: 'system' }, 'http://system:8080'],
    ['https://api.test', MANUAL, 'http://manual:3128'],
    ['https://api.corp.test', MANUAL, 'direct'],
    ['https://corp.test', MANUAL, 'http://manual:3128'],
    ['https://intranet', MANUAL, 'direct'],
    ['https://api.test', { mode: 'environment' }, 'http://env:3128'],
    ['https://example.org', { mode: 'environment' }, 'direct'],
    ['https://www.example.org', { mode: 'environment' }, 'direct'],
    ['https://notexample.org', { mode: 'environment' }, 'http://env:3128'],
    ['https://a.internal.test', { mode: 'environment' }, 'direct'],
    ['https://localhost:1', { mode: 'system' }, 'direct'],
    ['http://127.0.0.1:1', MANUAL, 'direct'],
    ['https://[::1]:1', { mode: 'environment' }, 'direct'],
  ] as const)('%s with %j: %s', async (target, proxy, expected) => {
    expect(await routeOf(target, proxy)).toBe(expected);
  });

  it.each([
    [{}, 'direct'],
    [{ http_proxy: 'http://plain:1' }, 'direct'],
    [{ all_proxy: 'socks5://all:1080' }, 'socks5://all:1080'],
    [{ https_proxy: 'http://env:1', no_proxy: '*' }, 'direct'],
  ])('reads the environment %j: %s', async (variables, expected) => {
    expect(await routeOf('https://api.test', { mode: 'environment' }, variables)).toBe(expected);
  });

  it('brings the login of the environment along, and none in any other mode', async () => {
    const target = new URL('https://api.test');
    const sources = { variables: VARIABLES, resolveProxy: () => Promise.resolve('PROXY env:3128') };
    const loginIn = async (proxy: ProxySettings) => {
      const route = await chooseRoute(target, { ...sources, proxy });
      return route.kind === 'proxy' ? route.login : null;
    };
    expect(await loginIn({ ...SETTINGS, mode: 'environment' })).toEqual({ userName: 'ada', password: 'pw' });
    expect(await loginIn(SETTINGS)).toBeNull();
    expect(await loginIn({ ...SETTINGS, mode: 'manual', url: 'http://env:3128' })).toBeNull();
  });

  it('asks the system in its own mode only, and for the origin', async () => {
    const resolveProxy = vi.fn(() => Promise.resolve('DIRECT'));
    for (const mode of ['none', 'manual', 'environment'] as const) {
      const proxy = { ...SETTINGS, mode, url: 'http://manual:1' };
      await chooseRoute(new URL('https://api.test/v1'), { proxy, variables: {}, resolveProxy });
    }
    await chooseRoute(new URL('https://localhost/v1'), { proxy: SETTINGS, variables: {}, resolveProxy });
    expect(resolveProxy).not.toHaveBeenCalled();
    await chooseRoute(new URL('https://api.test/v1/x?y'), { proxy: SETTINGS, variables: {}, resolveProxy });
    expect(resolveProxy.mock.calls).toEqual([['https://api.test/']]);
  });

  it.each([
    ['no manual proxy', { mode: 'manual' }, {}],
    ['an edited one', { mode: 'manual', url: 'ftp://x:1' }, {}],
    ['nonsense in the environment', { mode: 'environment' }, { https_proxy: 'ftp://x' }],
  ] as const)('goes nowhere with %s', async (_name, proxy, variables) => {
    await expect(routeOf('https://api.test', proxy, variables)).rejects.toMatchObject({
      code: 'network/proxy-invalid',
    });
  });
});
