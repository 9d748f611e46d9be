import { describe, expect, it } from 'vitest';
import { sniffImage } from './sniff-image.ts';

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

describe('sniffImage', () => {
  it.each([
    ['image/png', [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a, 0]],
    ['image/jpeg', [0xff, 0xd8, 0xff, 0xe0]],
    ['image/webp', [...ascii('RIFF'), 1, 2, 3, 4, ...ascii('WEBPVP8 ')]],
    ['image/gif', ascii('GIF89a')],
    ['image/gif', ascii('GIF87a')],
  ])('knows %s by its first bytes', (type, bytes) => {
    expect(sniffImage(Uint8Array.from(bytes))).toBe(type);
  });

  it.each([
    ['nothing', []],
    ['a page that is called a picture', ascii('<html>')],
    ['SVG', ascii('<svg xmlns="http://www.w3.org/2000/svg">')],
    ['sound in the same container as WebP', [...ascii('RIFF'), 1, 2, 3, 4, ...ascii('WAVE')]],
    ['a cut-off beginning', [0x89, 0x50, 0x4e]],
    ['a PNG after other bytes', [0, 0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a]],
    ['a bitmap', ascii('BM')],
    ['an icon', [0, 0, 1, 0]],
  ])('takes no picture for %s', (_what, bytes) => {
    expect(sniffImage(Uint8Array.from(bytes))).toBeNull();
  });
});
