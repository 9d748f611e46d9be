import { describe, expect, it } from 'vitest';
import { parseOutgoingLink } from './parse-outgoing-link.ts';

describe('parseOutgoingLink', () => {
  it.each([
    ['https://example.com/a b', 'docs', 'https://example.com/a%20b', false],
    ['https://evil.tld/', 'https://openai.com/keys', 'https://evil.tld/', true],
    ['https://evil.tld/', 'openai.com', 'https://evil.tld/', true],
    ['https://www.openai.com/', 'openai.com', 'https://www.openai.com/', false],
    ['https://аpple.com/', 'аpple.com', 'https://xn--pple-43d.com/', false],
    ['mailto:a@b.example', 'write', 'mailto:a@b.example', false],
  ])('lets %s through', (url, text, target, isMisleading) => {
    expect(parseOutgoingLink(url, text)).toEqual({ target, text, isMisleading });
  });

  it.each([
    'http://example.com',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/html,x',
    'latchkey://v1/chat?prompt=x',
    'smb://host/share',
    'ms-msdt:/id',
    'https://user:pw@example.com',
    '//example.com',
    'example.com',
    '',
  ])('blocks %s', (url) => {
    expect(() => parseOutgoingLink(url, 'x')).toThrow(expect.objectContaining({ code: 'link/blocked' }));
  });
});
