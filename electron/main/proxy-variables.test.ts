import { describe, expect, it } from 'vitest';
import { takeProxyVariables } from './proxy-variables.ts';

describe('takeProxyVariables', () => {
  it('takes every variable a proxy could come from, in any case, and leaves the rest', () => {
    const environment: Record<string, string | undefined> = {
      PATH: '/usr/bin',
      HTTP_PROXY: 'http://a:1',
      Https_Proxy: 'http://b:1',
      ALL_PROXY: 'socks5://c:1',
      no_proxy: 'd',
      auto_proxy: 'http://e/proxy.pac',
      SOCKS_SERVER: 'f:1080',
      MY_HTTP_PROXY: 'kept',
    };
    expect(takeProxyVariables(environment)).toEqual({
      http_proxy: 'http://a:1',
      https_proxy: 'http://b:1',
      all_proxy: 'socks5://c:1',
      no_proxy: 'd',
      auto_proxy: 'http://e/proxy.pac',
      socks_server: 'f:1080',
    });
    expect(environment).toEqual({ PATH: '/usr/bin', MY_HTTP_PROXY: 'kept' });
  });

  it('lets the lower-case name win, unless it is empty', () => {
    expect(takeProxyVariables({ https_proxy: 'lower', HTTPS_PROXY: 'upper' })).toEqual({
      https_proxy: 'lower',
    });
    expect(takeProxyVariables({ https_proxy: '', HTTPS_PROXY: 'upper' })).toEqual({ https_proxy: 'upper' });
  });
});
