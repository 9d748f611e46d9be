import { describe, expect, it } from 'vitest';
import { parseProxyUrl } from './parse-proxy-url.ts';

describe('parseProxyUrl', () => {
  it.each([
    ['http://proxy.example.com:3128', 'http://proxy.example.com:3128'],
    ['  HTTP://Proxy.Example.com:3128/ ', 'http://proxy.example.com:3128'],
    ['proxy.example.com:3128', 'http://proxy.example.com:3128'],
    ['proxy', 'http://proxy:80'],
    ['http://proxy:80', 'http://proxy:80'],
    ['https://proxy', 'https://proxy:443'],
    ['https://proxy:80', 'https://proxy:80'],
    ['socks5://127.0.0.1', 'socks5://127.0.0.1:1080'],
    ['socks5h://proxy:80', 'socks5://proxy:80'],
    ['http://[::1]:3128', 'http://[::1]:3128'],
    ['[2001:db8::1]', 'http://[2001:db8::1]:80'],
  ])('reads %s', (raw, origin) => {
    expect(parseProxyUrl(raw)).toEqual({ address: expect.objectContaining({ origin }), login: null });
  });

  it('takes the brackets off an address for the socket', () => {
    expect(parseProxyUrl('http://[::1]:3128').address).toMatchObject({ host: '::1', port: 3128 });
  });

  it.each([
    ['http://ada:pw@proxy:3128', 'ada', 'pw'],
    ['ada:pw@proxy:3128', 'ada', 'pw'],
    ['socks5://ada%40corp:p%3Aw%2F%20@proxy', 'ada@corp', 'p:w/ '],
    ['http://ada@proxy', 'ada', ''],
    ['http://a:b@c@proxy', 'a', 'b@c'],
  ])('parts %s from its login', (raw, userName, password) => {
    const { address, login } = parseProxyUrl(raw);
    expect(login).toEqual({ userName, password });
    expect(address.origin).not.toMatch(/ada|pw|@/);
  });

  it.each([
    '',
    ' ',
    'ftp://proxy:21',
    'socks4://proxy:1080',
    'socks://proxy:1080',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'constructor://proxy',
    'http://',
    'http://:3128',
    'http://proxy:0',
    'http://proxy:65536',
    'http://proxy:99999999999',
    'http://proxy:abc',
    'http://proxy.:3128',
    'http://proxy:3128/path',
    'http://proxy:3128?x=1',
    'http://proxy:3128#x',
    'http://proxy:3128\\@evil.test',
    'http://pr oxy:3128',
    'http://prоxy:3128',
    'http://proxy:3128\r\nHost: evil',
    'http://:pw@proxy',
    'http://a:%zz@proxy',
    'http://a:%00@proxy',
    `http://a:${'x'.repeat(256)}@proxy`,
    `http://${'a'.repeat(3000)}`,
  ])('refuses %j and repeats nothing of it', (raw) => {
    let thrown: unknown;
    try {
      parseProxyUrl(raw);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'network/proxy-invalid' });
    expect(`${String(thrown)}${JSON.stringify(thrown)}`).not.toMatch(/pw|evil|xxx/);
  });
});
