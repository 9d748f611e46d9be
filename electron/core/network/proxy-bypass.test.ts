import { describe, expect, it } from 'vitest';
import { isBypassed, isOwnComputer, parseBypassList } from './proxy-bypass.ts';

describe('isOwnComputer', () => {
  it.each(['localhost', 'app.localhost', '127.0.0.1', '127.9.8.7', '[::1]', '[::ffff:7f00:1]'])(
    '%s is',
    (hostname) => expect(isOwnComputer(hostname)).toBe(true),
  );

  it.each([
    'localhost.evil.test',
    '127.0.0.1.evil.test',
    '128.0.0.1',
    '[::2]',
    '[::ffff:8000:1]',
    'notlocalhost',
  ])('%s is not', (hostname) => expect(isOwnComputer(hostname)).toBe(false));
});

describe('isBypassed', () => {
  it.each([
    ['api.example.com', ['api.example.com'], true],
    ['API.Example.com', ['api.example.com'], true],
    ['www.api.example.com', ['api.example.com'], false],
    ['api.example.com', ['example.com'], false],
    ['api.example.com', ['*.example.com'], true],
    ['a.b.example.com', ['*.example.com'], true],
    ['example.com', ['*.example.com'], false],
    ['evilexample.com', ['*.example.com'], false],
    ['intranet', ['<local>'], true],
    ['api.example.com', ['<local>'], false],
    ['[2001:db8::1]', ['<local>'], false],
    ['[2001:db8::1]', ['[2001:db8::1]'], true],
    ['[2001:db8::1]', ['2001:db8::1'], true],
    ['10.0.0.1', ['10.0.0.1'], true],
    ['10.0.0.1', ['*.0.0.1'], false],
    ['api.example.com', [], false],
    ['c.test', ['a.test', 'b.test', 'c.test'], true],
  ])('%s in %j: %s', (hostname, list, expected) => {
    expect(isBypassed(hostname, list)).toBe(expected);
  });
});

describe('parseBypassList', () => {
  it('cleans what was typed', () => {
    expect(parseBypassList([' API.example.com ', '', '*.Corp.test', '<LOCAL>', 'api.example.com'])).toEqual([
      'api.example.com',
      '*.corp.test',
      '<local>',
    ]);
  });

  it.each([
    '*',
    '*.',
    'a..b',
    'http://a.test',
    'a.test:80',
    '10.0.0.0/8',
    'a b',
    '.a.test',
    'a.*.test',
    'ä.test',
    '-a.test',
    '<global>',
  ])('refuses %j', (entry) => {
    expect(() => parseBypassList(['ok.test', entry])).toThrow(
      expect.objectContaining({ code: 'network/proxy-invalid' }) as Error,
    );
  });
});
