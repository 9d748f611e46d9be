import { isUtf8 } from 'node:buffer';
import type { AttachmentKind } from '../../contract/model/attachment.ts';
import type { PictureSize } from './transfer-protocol.ts';

/** What bytes are, whatever they are called; kind null: nothing that a message can have. */
export interface SniffedFile {
  readonly kind: AttachmentKind | null;
  /** Of a picture; '' otherwise. */
  readonly mediaType: string;
  readonly byteCount: number;
  /** Of a picture that has been decoded. */
  readonly size: PictureSize | null;
}

const PICTURES: readonly (readonly [mediaType: string, pattern: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
  ['image/gif', /^GIF8[79]a/],
];

/** Looks at the bytes themselves. */
export function sniffFile(bytes: Uint8Array): SniffedFile {
  const beginning = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const byteCount = bytes.byteLength;
  const picture = PICTURES.find(([, pattern]) => pattern.test(beginning));
  if (picture !== undefined) return { kind: 'image', mediaType: picture[0], byteCount, size: null };
  if (beginning.startsWith('%PDF-')) return { kind: 'pdf', mediaType: '', byteCount, size: null };
  return { kind: isUtf8(bytes) && !bytes.includes(0) ? 'text' : null, mediaType: '', byteCount, size: null };
}
