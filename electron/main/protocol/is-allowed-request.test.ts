import { describe, expect, it } from 'vitest';
import { isAllowedRequest, readDevServerOrigin } from './is-allowed-request.ts';

describe('isAllowedRequest', () => {
  it.each([
    'app://chat/',
    'app://key/assets/a.js',
    'data:image/png;base64,AA',
    'blob:app://chat/1',
    'devtools://x/',
  ])('lets %s pass', (url) => expect(isAllowedRequest(url, null)).toBe(true));

  it.each([
    'https://example.com/',
    'http://127.0.0.1:5173/',
    'ws://127.0.0.1:5173/',
    'file:///etc/passwd',
    'ftp://example.com/',
    'chrome://gpu',
    'appx://chat/',
    'not a url',
  ])('stops %s', (url) => expect(isAllowedRequest(url, null)).toBe(false));

  it('lets only the dev server pass in development', () => {
    const dev = 'http://127.0.0.1:5173';
    expect(isAllowedRequest('ws://127.0.0.1:5173/?token=a', dev)).toBe(true);
    expect(isAllowedRequest('http://127.0.0.1:5173/index.html', dev)).toBe(true);
    expect(isAllowedRequest('http://127.0.0.1:5174/', dev)).toBe(false);
    expect(isAllowedRequest('http://127.0.0.1:5173.example.com/', dev)).toBe(false);
  });
});

describe('readDevServerOrigin', () => {
  it.each([
    { isPackaged: false, url: 'http://127.0.0.1:5173/', origin: 'http://127.0.0.1:5173' },
    { isPackaged: true, url: 'http://127.0.0.1:5173/', origin: null },
    { isPackaged: false, url: 'http://example.com/', origin: null },
    { isPackaged: false, url: 'https://localhost/', origin: null },
    { isPackaged: false, url: undefined, origin: null },
    { isPackaged: false, url: '::', origin: null },
  ])('$url, packaged $isPackaged: $origin', ({ isPackaged, url, origin }) => {
    expect(readDevServerOrigin(isPackaged, url)).toBe(origin);
  });
});
