import { describe, expect, it } from 'vitest';
import { fitInto } from './fit-into.ts';
import { readImageSize } from './read-image-size.ts';

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const big16 = (value: number): number[] => [value >> 8, value & 255];
const little16 = (value: number): number[] => [value & 255, value >> 8];
const little24 = (value: number): number[] => [value & 255, (value >> 8) & 255, value >> 16];
const big32 = (value: number): number[] => [0, 0, ...big16(value)];

const png = (width: number, height: number): number[] => [
  137,
  ...ascii('PNG\r\n'),
  26,
  10,
  ...big32(13),
  ...ascii('IHDR'),
  ...big32(width),
  ...big32(height),
];
const gif = (width: number, height: number): number[] => [
  ...ascii('GIF89a'),
  ...little16(width),
  ...little16(height),
];
const segment = (marker: number, body: number[]): number[] => [
  0xff,
  marker,
  ...big16(body.length + 2),
  ...body,
];
const frame = (marker: number, width: number, height: number): number[] =>
  segment(marker, [8, ...big16(height), ...big16(width), 3]);
const jpeg = (...segments: number[][]): number[] => [0xff, 0xd8, ...segments.flat(), 0xff, 0xda, 0, 2];
const webp = (kind: string, body: number[]): number[] => [
  ...ascii('RIFF'),
  ...big32(0),
  ...ascii('WEBP'),
  ...ascii(kind),
  ...big32(0),
  ...body,
];
const lossless = (width: number, height: number): number[] => {
  const bits = (width - 1) | ((height - 1) << 14);
  return [0x2f, bits & 255, (bits >> 8) & 255, (bits >> 16) & 255, (bits >>> 24) & 255];
};

describe('readImageSize', () => {
  it.each([
    ['a PNG', 'image/png', png(640, 480)],
    ['a GIF', 'image/gif', gif(640, 480)],
    ['a JPEG', 'image/jpeg', jpeg(segment(0xe0, [1, 2, 3]), frame(0xc0, 640, 480))],
    ['a progressive JPEG with fill bytes', 'image/jpeg', jpeg([0xff, 0xff], frame(0xc2, 640, 480))],
    [
      'a JPEG with tables that look alike',
      'image/jpeg',
      jpeg(segment(0xc4, [0, 1, 2]), frame(0xc1, 640, 480)),
    ],
    [
      'a lossy WebP',
      'image/webp',
      webp('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, ...little16(640), ...little16(480)]),
    ],
    ['a lossless WebP', 'image/webp', webp('VP8L', lossless(640, 480))],
    ['an extended WebP', 'image/webp', webp('VP8X', [0, 0, 0, 0, ...little24(639), ...little24(479)])],
  ] as const)('reads the size of %s', (_what, type, bytes) => {
    expect(readImageSize(Uint8Array.from(bytes), type)).toEqual({ width: 640, height: 480 });
  });

  it('takes the largest frame of a JPEG that has several', () => {
    const bytes = Uint8Array.from(jpeg(frame(0xc0, 10, 10), frame(0xc0, 60_000, 60_000)));
    expect(readImageSize(bytes, 'image/jpeg')).toEqual({ width: 60_000, height: 60_000 });
  });

  it.each([
    ['no width', 'image/png', png(0, 480)],
    ['a header that is cut off', 'image/png', png(640, 480).slice(0, 20)],
    ['a JPEG without a frame', 'image/jpeg', jpeg(segment(0xe0, [1]))],
    ['a JPEG whose segments point nowhere', 'image/jpeg', [0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff]],
    ['a WebP of an unknown kind', 'image/webp', webp('ALPH', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['nothing', 'image/gif', []],
  ] as const)('knows none for %s', (_what, type, bytes) => {
    expect(readImageSize(Uint8Array.from(bytes), type)).toBeNull();
  });

  it('reads a view that does not begin at its buffer', () => {
    const buffer = Uint8Array.from([1, 2, 3, ...gif(7, 5)]);
    expect(readImageSize(buffer.subarray(3), 'image/gif')).toEqual({ width: 7, height: 5 });
  });
});

describe('fitInto', () => {
  it.each([
    [
      { width: 100, height: 50 },
      { width: 100, height: 50 },
    ],
    [
      { width: 4_096, height: 1_024 },
      { width: 2_048, height: 512 },
    ],
    [
      { width: 1_000, height: 3_000 },
      { width: 683, height: 2_048 },
    ],
    [
      { width: 100_000, height: 1 },
      { width: 2_048, height: 1 },
    ],
  ])('makes %j into %j', (size, fitted) => {
    expect(fitInto(size, 2_048)).toEqual(fitted);
  });
});
