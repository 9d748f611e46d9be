import type { ImageOutcome, ImageTask } from '../../electron/contract/routes/image-window.ts';
import { fitInto } from './fit-into.ts';
import { readImageSize } from './read-image-size.ts';

/** How much a JPEG or WebP may lose: what eyes do not see. */
const QUALITY = 0.9;

/**
 * Decodes a picture and writes it anew from its pixels alone: whatever else was in the file (camera, place, comments, a second
 * picture) is gone. Its orientation becomes that of its pixels. Of an animation the first picture stays.
 */
export async function prepareImage(task: ImageTask): Promise<ImageOutcome> {
  // By its header first: decoding is what takes the memory.
  const told = readImageSize(task.bytes, task.mediaType);
  if (told === null) return { kind: 'unreadable' };
  if (told.width * told.height > task.maxPixels) return { kind: 'too-large', ...told };
  try {
    const bitmap = await createImageBitmap(new Blob([task.bytes as BlobPart], { type: task.mediaType }));
    try {
      return await writeAnew(bitmap, task);
    } finally {
      bitmap.close();
    }
  } catch {
    return { kind: 'unreadable' };
  }
}

async function writeAnew(bitmap: ImageBitmap, task: ImageTask): Promise<ImageOutcome> {
  if (bitmap.width * bitmap.height > task.maxPixels)
    return { kind: 'too-large', width: bitmap.width, height: bitmap.height };
  const size = fitInto(bitmap, task.maxEdge);
  const mediaType = task.mediaType === 'image/gif' ? 'image/png' : task.mediaType;
  const written = await encode(bitmap, size, mediaType);
  // JPEG knows no transparency, but every model takes it.
  const blob = written.size <= task.maxBytes ? written : await encode(bitmap, size, 'image/jpeg');
  const type = blob.type === mediaType ? mediaType : 'image/jpeg';
  return { kind: 'done', bytes: new Uint8Array(await blob.arrayBuffer()), mediaType: type, ...size };
}

function encode(
  bitmap: ImageBitmap,
  { width, height }: { readonly width: number; readonly height: number },
  type: ImageTask['mediaType'],
): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  if (type === 'image/jpeg') {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas.convertToBlob({ type, quality: QUALITY });
}
