import { AppError } from '../../contract/app-error.ts';
import type { AttachmentKind } from '../../contract/model/attachment.ts';
import { MAX_FILE_BYTES, MAX_TEXT_FILE_BYTES } from '../../contract/model/attachment-limits.ts';
import { sniffImage, type ImageType } from './sniff-image.ts';

/** A file as it is sent: a picture still has to be prepared. */
export type FileKind =
  | {
      readonly kind: Extract<AttachmentKind, 'image'>;
      readonly mediaType: ImageType;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: Extract<AttachmentKind, 'text' | 'pdf'>;
      readonly mediaType: string;
      readonly bytes: Uint8Array;
    };

/** A reader finds the header of a PDF within so many bytes from its beginning, and its end mark within so many from its end. */
const PDF_SEARCH_BYTES = 1_024;

/**
 * What a file is, by its bytes and never by its name; text as UTF-8. Throws `attachment/empty`, `attachment/too-large`,
 * `attachment/cut-off`, `attachment/unsupported`.
 */
export function readFileKind(bytes: Uint8Array): FileKind {
  if (bytes.byteLength === 0) throw new AppError('attachment/empty', 'The file is empty.');
  assertWithin(bytes, MAX_FILE_BYTES);
  const image = sniffImage(bytes);
  if (image !== null) return { kind: 'image', mediaType: image, bytes };
  if (latin1(bytes.subarray(0, PDF_SEARCH_BYTES)).includes('%PDF-')) return readPdf(bytes);
  const text = decodeText(bytes);
  if (text === null)
    throw new AppError('attachment/unsupported', 'The file is neither a picture nor a PDF nor text.');
  assertWithin(bytes, MAX_TEXT_FILE_BYTES);
  return { kind: 'text', mediaType: 'text/plain', bytes: new TextEncoder().encode(text) };
}

function readPdf(bytes: Uint8Array): FileKind {
  if (!latin1(bytes.subarray(-PDF_SEARCH_BYTES)).includes('%%EOF'))
    throw new AppError('attachment/cut-off', 'The PDF has no end.');
  return { kind: 'pdf', mediaType: 'application/pdf', bytes };
}

/** Text in UTF-8, or in UTF-16 where a byte order mark says so; null for anything else. The mark is dropped. */
function decodeText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function assertWithin({ byteLength }: Uint8Array, maxBytes: number): void {
  if (byteLength <= maxBytes) return;
  throw new AppError('attachment/too-large', 'The file is too large.', {
    details: { byteCount: byteLength, maxBytes },
  });
}
