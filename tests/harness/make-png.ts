import { crc32, deflateSync } from 'node:zlib';

/** A chunk of a PNG: its name and what is in it. */
export type PngChunk = readonly [name: string, content: Uint8Array];

/** A picture in one colour, red unless `rgb` says otherwise; `extra` chunks stand before the pixels. */
export function makePng(
  width: number,
  height: number,
  { rgb = [200, 30, 30], extra = [] }: { rgb?: readonly number[]; extra?: readonly PngChunk[] } = {},
): Uint8Array {
  const row = Buffer.from([0, ...Array.from({ length: width }, () => rgb).flat()]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return assemblePng(width, height, [...extra, ['IDAT', pixels]]);
}

/** A PNG whose header tells a size, whatever its chunks hold. */
export function assemblePng(width: number, height: number, chunks: readonly PngChunk[]): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits each of red, green and blue.
  header.set([8, 2, 0, 0, 0], 8);
  const all: readonly PngChunk[] = [['IHDR', header], ...chunks, ['IEND', Buffer.alloc(0)]];
  return Uint8Array.from(
    Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...all.map(toChunk)]),
  );
}

function toChunk([name, content]: PngChunk): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.byteLength);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
