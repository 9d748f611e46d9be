import { describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES, MAX_TEXT_FILE_BYTES } from '../../contract/model/attachment-limits.ts';
import { readFileKind } from './read-file-kind.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

function utf16(text: string, isBigEndian: boolean): Uint8Array {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return Uint8Array.from(isBigEndian ? bytes.swap16() : bytes);
}

function pdf(body: string, end = '%%EOF\n'): Uint8Array {
  return utf8(`%PDF-1.7\n${body}${end}`);
}

describe('readFileKind', () => {
  it.each([
    ['UTF-8', utf8('Grüße, 世界\n')],
    ['UTF-8 with a mark', utf8('\ufeffGrüße, 世界\n')],
    ['UTF-16 little endian', utf16('Grüße, 世界\n', false)],
    ['UTF-16 big endian', utf16('Grüße, 世界\n', true)],
  ])('takes text in %s and keeps it as plain UTF-8', (_encoding, bytes) => {
    const { kind, mediaType, bytes: kept } = readFileKind(bytes);
    expect([kind, mediaType, textOf(kept)]).toEqual(['text', 'text/plain', 'Grüße, 世界\n']);
  });

  it('takes a drawing in SVG as the text that it is', () => {
    expect(readFileKind(utf8('<svg onload="alert(1)"/>')).kind).toBe('text');
  });

  it.each([
    ['a program', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0])],
    ['an archive', Uint8Array.from([0x50, 0x4b, 3, 4, 0x14, 0, 0, 0])],
    ['text with a NUL', utf8('a\0b')],
    ['Latin-1', Uint8Array.from([0x47, 0x72, 0xfc, 0xdf, 0x65])],
    ['half of a character', Uint8Array.from([0x61, 0xe4, 0xb8])],
    ['UTF-16 with half of a pair', Uint8Array.from([0xff, 0xfe, 0x3d, 0xd8])],
    ['UTF-16 of an odd number of bytes', Uint8Array.from([0xff, 0xfe, 0x61])],
    ['bytes over 0x7f', Uint8Array.from({ length: 64 }, () => 0xc3)],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readFileKind(bytes)).toThrow(expect.objectContaining({ code: 'attachment/unsupported' }));
  });

  it('refuses an empty file', () => {
    expect(() => readFileKind(new Uint8Array())).toThrow(
      expect.objectContaining({ code: 'attachment/empty' }),
    );
  });

  it('takes a PDF by its header and its end, some bytes before and after included', () => {
    for (const bytes of [pdf('…'), Uint8Array.from([...utf8('junk\n'), ...pdf('x', '%%EOF\r\n   ')])])
      expect(readFileKind(bytes)).toMatchObject({ kind: 'pdf', mediaType: 'application/pdf', bytes });
  });

  it('refuses a PDF that was cut off, whatever its length', () => {
    expect(() => readFileKind(pdf('x'.repeat(3_000), ''))).toThrow(
      expect.objectContaining({ code: 'attachment/cut-off' }),
    );
    expect(() => readFileKind(pdf('x%%EOF', 'y'.repeat(3_000)))).toThrow(
      expect.objectContaining({ code: 'attachment/cut-off' }),
    );
  });

  it('knows a picture by its bytes', () => {
    expect(readFileKind(utf8('GIF89a....'))).toMatchObject({ kind: 'image', mediaType: 'image/gif' });
  });

  it.each([
    ['a text', MAX_TEXT_FILE_BYTES, utf8('')],
    ['a picture', MAX_FILE_BYTES, utf8('GIF89a')],
  ])('takes %s of %i bytes and refuses one byte more', (_what, maxBytes, start) => {
    const bytes = new Uint8Array(maxBytes + 1).fill(0x20);
    bytes.set(start);
    expect(readFileKind(bytes.subarray(0, maxBytes)).bytes.byteLength).toBe(maxBytes);
    expect(() => readFileKind(bytes)).toThrow(
      expect.objectContaining({
        code: 'attachment/too-large',
        details: { byteCount: maxBytes + 1, maxBytes },
      }),
    );
  });
});
