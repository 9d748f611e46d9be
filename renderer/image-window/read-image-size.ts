import type { ImageTask } from '../../electron/contract/routes/image-window.ts';
import type { Size } from './fit-into.ts';

/** The size that a picture's header tells, or null when there is none. */
export function readImageSize(bytes: Uint8Array, mediaType: ImageTask['mediaType']): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return sizeOrNull(read(view, mediaType));
  } catch {
    // Beyond the end of the file.
    return null;
  }
}

function read(view: DataView, mediaType: ImageTask['mediaType']): Size | null {
  switch (mediaType) {
    case 'image/png':
      return { width: view.getUint32(16), height: view.getUint32(20) };
    case 'image/gif':
      return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    case 'image/jpeg':
      return readJpeg(view);
    case 'image/webp':
      return readWebp(view);
    default:
      return mediaType satisfies never;
  }
}

/** The largest of its frame headers (SOF0 to SOF15 but for tables): a file can hold several, and decoders differ. */
function readJpeg(view: DataView): Size | null {
  let found: Size | null = null;
  let at = 2;
  while (at + 4 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return found;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // The picture itself begins, or everything ends.
    if (marker === 0xda || marker === 0xd9) return found;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const size = { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
      if (found === null || size.width * size.height > found.width * found.height) found = size;
    }
    at += 2 + view.getUint16(at + 2);
  }
  return found;
}

function readWebp(view: DataView): Size | null {
  const kind = String.fromCharCode(...[12, 13, 14, 15].map((at) => view.getUint8(at)));
  if (kind === 'VP8 ')
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind !== 'VP8X') return null;
  const three = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  return { width: three(24) + 1, height: three(27) + 1 };
}

function sizeOrNull(size: Size | null): Size | null {
  return size === null || size.width === 0 || size.height === 0 ? null : size;
}
