import { describe, expect, it } from 'vitest';
import { resolveAppUrl, resolvePictureUrl } from './resolve-app-url.ts';

describe('resolveAppUrl', () => {
  it.each([
    { url: 'app://chat/', kind: 'chat', path: 'index.html' },
    { url: 'app://chat/index.html', kind: 'chat', path: 'index.html' },
    { url: 'app://chat/?x=1#y', kind: 'chat', path: 'index.html' },
    // Every URL parser resolves the dots, so this is the page itself.
    { url: 'app://chat/assets/%2e%2e/index.html', kind: 'chat', path: 'index.html' },
    { url: 'app://key/', kind: 'key', path: 'key.html' },
    { url: 'app://image/', kind: 'image', path: 'image.html' },
    { url: 'app://key/key.html', kind: 'key', path: 'key.html' },
    { url: 'app://chat/assets/index-B4x_9.js', kind: 'chat', path: 'assets/index-B4x_9.js' },
    { url: 'app://key/assets/inter-latin.woff2', kind: 'key', path: 'assets/inter-latin.woff2' },
  ] as const)('serves $path for $url', ({ url, kind, path }) => {
    expect(resolveAppUrl(url, kind)?.path).toBe(path);
  });

  it.each([
    { url: 'app://key/', kind: 'chat' },
    { url: 'app://chat/', kind: 'key' },
    { url: 'app://chat/key.html', kind: 'chat' },
    { url: 'app://chat/image.html', kind: 'chat' },
    { url: 'app://image/', kind: 'key' },
    { url: 'app://image/index.html', kind: 'image' },
    { url: 'app://key/index.html', kind: 'key' },
    { url: 'app://chat:1/', kind: 'chat' },
    { url: 'app://u:p@chat/', kind: 'chat' },
    { url: 'app://chat.evil/', kind: 'chat' },
    { url: 'http://chat/', kind: 'chat' },
    { url: 'app://chat/../main/main.js', kind: 'chat' },
    { url: 'app://chat/assets/../../main/main.js', kind: 'chat' },
    { url: 'app://chat/assets/%2e%2e/%2e%2e/main/main.js', kind: 'chat' },
    { url: 'app://chat/assets/..%2f..%2fmain.js', kind: 'chat' },
    { url: 'app://chat/assets/..\\..\\main.js', kind: 'chat' },
    { url: 'app://chat/assets/a%00.js', kind: 'chat' },
    { url: 'app://chat/assets/.hidden.js', kind: 'chat' },
    { url: 'app://chat/assets/a.html', kind: 'chat' },
    { url: 'app://chat/assets/a.js.map', kind: 'chat' },
    { url: 'app://chat/assets/', kind: 'chat' },
    { url: 'app://chat//etc/passwd', kind: 'chat' },
    { url: 'app://chat/assets/constructor', kind: 'chat' },
    { url: 'app://chat/assets/a.constructor', kind: 'chat' },
    { url: 'nonsense', kind: 'chat' },
  ] as const)('refuses $url on the $kind session', ({ url, kind }) => {
    expect(resolveAppUrl(url, kind)).toBeNull();
  });
});

describe('resolvePictureUrl', () => {
  const hash = 'a1'.repeat(32);

  it('reads the hash of a stored picture', () => {
    expect(resolvePictureUrl(`app://chat/attachments/${hash}`)).toBe(hash);
  });

  it.each([
    `app://key/attachments/${hash}`,
    `app://image/attachments/${hash}`,
    `app://chat/attachments/${hash.toUpperCase()}`,
    `app://chat/attachments/${hash}0`,
    `app://chat/attachments/${hash.slice(1)}`,
    `app://chat/attachments/${hash}/..`,
    `app://chat/attachments/../${hash}`,
    `app://chat/attachments//${hash}`,
    `app://chat/attachments/%61${hash.slice(1)}`,
    `app://u:p@chat/attachments/${hash}`,
    `https://chat/attachments/${hash}`,
    'app://chat/attachments/',
    'nonsense',
  ])('knows no picture under %s', (url) => expect(resolvePictureUrl(url)).toBeNull());
});
