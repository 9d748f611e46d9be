import { describe, expect, it } from 'vitest';
import { parsePacAnswer } from './parse-pac-answer.ts';

describe('parsePacAnswer', () => {
  it.each([
    ['DIRECT', 'direct'],
    [' direct ; ', 'direct'],
    ['PROXY proxy.example.com:3128', 'http://proxy.example.com:3128'],
    ['HTTP proxy:80', 'http://proxy:80'],
    ['HTTPS proxy:443; DIRECT', 'https://proxy:443'],
    ['SOCKS5 10.0.0.1:1080;PROXY other:1', 'socks5://10.0.0.1:1080'],
    ['PROXY [2001:db8::1]:3128', 'http://[2001:db8::1]:3128'],
    // Version 4 is passed over for what stands behind it.
    ['SOCKS old:1080; PROXY new:3128', 'http://new:3128'],
    ['SOCKS4 old:1080; DIRECT', 'direct'],
    ['QUIC fast:443; HTTPS slow:443', 'https://slow:443'],
    ['DIRECT; PROXY proxy:1', 'direct'],
  ])('takes from %j the first that can be used', (answer, expected) => {
    const route = parsePacAnswer(answer);
    expect(route.kind === 'direct' ? 'direct' : route.proxy.origin).toBe(expected);
  });

  it.each([
    ['', 'system-malformed'],
    [' ; ', 'system-malformed'],
    ['PROXY', 'system-malformed'],
    ['PROXY proxy', 'system-malformed'],
    ['PROXY proxy:0', 'system-malformed'],
    ['PROXY proxy:65536', 'system-malformed'],
    ['PROXY proxy:1 extra', 'system-malformed'],
    ['PROXY http://proxy:1', 'system-malformed'],
    ['PROXY ada:pw@proxy:1', 'system-malformed'],
    ['GOPHER proxy:70', 'system-malformed'],
    ['constructor proxy:70', 'system-malformed'],
    ['PROXY good:1; nonsense', 'system-malformed'],
    ['DIRECT\nPROXY a:1', 'system-malformed'],
    ['<html>', 'system-malformed'],
    ['DIRECT;'.repeat(2000), 'system-malformed'],
    ['SOCKS old:1080', 'system-unsupported'],
    ['SOCKS4 a:1; QUIC b:2', 'system-unsupported'],
  ])('finds no way in %j rather than going direct', (answer, reason) => {
    expect(() => parsePacAnswer(answer)).toThrow(
      expect.objectContaining({ code: 'network/proxy-invalid', details: { reason } }) as Error,
    );
  });
});
