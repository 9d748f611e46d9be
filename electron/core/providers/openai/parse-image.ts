/** Largest picture taken over, in bytes. A line of the stream is shorter anyway. */
const MAX_IMAGE_BYTES = 20 * 1024 * 1024;

/** A picture as a model made it. */
export interface MadeImage {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly bytes: Uint8Array;
}

/** Reads a picture in base64; null when it is none. What it is, its first bytes say, not whoever sent it. */
export function parseImage(base64: unknown): MadeImage | null {
  if (typeof base64 !== 'string' || base64.length > Math.ceil((MAX_IMAGE_BYTES * 4) / 3) + 4) return null;
  const bytes = Buffer.from(base64, 'base64');
  const mediaType = sniff(bytes);
  return mediaType === null ? null : { mediaType, bytes };
}

/** The same for a picture in a `data:` URL, whatever media type that claims. */
export function parseImageUrl(url: unknown): MadeImage | null {
  if (typeof url !== 'string') return null;
  const head = /^data:image\/[a-z+.-]{1,20};base64,/.exec(url.slice(0, 60));
  return head === null ? null : parseImage(url.slice(head[0].length));
}

function sniff(bytes: Buffer): MadeImage['mediaType'] | null {
  const startsWith = (signature: string): boolean =>
    bytes.toString('latin1', 0, signature.length) === signature;
  if (startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (startsWith('\xff\xd8\xff')) return 'image/jpeg';
  return startsWith('RIFF') && bytes.toString('latin1', 8, 12) === 'WEBP' ? 'image/webp' : null;
}
