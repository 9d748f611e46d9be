import { describe, expect, it } from 'vitest';
import { AppError } from '../../contract/app-error.ts';
import { parseBaseUrl } from './parse-base-url.ts';

describe('parseBaseUrl', () => {
  it.each([
    ['https://api.openai.com/v1', 'https://api.openai.com/v1', 'https://api.openai.com', false],
    ['  https://API.openai.com:443/v1/ ', 'https://api.openai.com/v1', 'https://api.openai.com', false],
    ['http://localhost:11434/v1', 'http://localhost:11434/v1', 'http://localhost:11434', true],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080', true],
    ['http://[::1]:9/v1', 'http://[::1]:9/v1', 'http://[::1]:9', true],
  ])('accepts %s', (raw, baseUrl, origin, isLoopback) => {
    expect(parseBaseUrl(raw)).toEqual({ baseUrl, origin, isLoopback });
  });

  it.each([
    ['', 'connection/invalid-url'],
    ['api.openai.com/v1', 'connection/url-without-scheme'],
    ['localhost:11434/v1', 'connection/url-without-scheme'],
    ['https://user:pw@api.openai.com/v1', 'connection/url-with-credentials'],
    ['https://api.openai.com@evil.tld/v1', 'connection/url-with-credentials'],
    ['http://api.openai.com/v1', 'connection/insecure-url'],
    ['http://127.0.0.1.evil.tld/v1', 'connection/insecure-url'],
    ['http://localhost.evil.tld/v1', 'connection/insecure-url'],
    ['http://192.168.0.10/v1', 'connection/insecure-url'],
    ['ftp://example.com/v1', 'connection/invalid-url'],
    ['file:///etc/passwd', 'connection/invalid-url'],
    ['javascript://alert(1)', 'connection/invalid-url'],
    ['https://api.openai.com./v1', 'connection/invalid-url'],
    ['https://api.openai.com\\@evil.tld', 'connection/invalid-url'],
    ['https://аpi.openai.com/v1', 'connection/invalid-url'],
    ['https://api.openai.com/v1?x=1', 'connection/invalid-url'],
    ['https://api.openai.com/v1#x', 'connection/invalid-url'],
    ['https://a b/', 'connection/invalid-url'],
    [`https://example.com/${'a'.repeat(3000)}`, 'connection/invalid-url'],
  ])('refuses %s', (raw, code) => {
    expect(() => parseBaseUrl(raw)).toThrow(expect.objectContaining({ code }) as AppError);
  });
});
