import { open, stat } from 'node:fs/promises';
import { AppError } from '../../contract/app-error.ts';

/** The first bytes of a file. Bounded by what is read, not by the size that was told: it may have grown. Throws `attachment/unreadable`. */
export async function readAtMost(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    // Opening a pipe waits for somebody to write to it, perhaps for ever.
    if (!(await stat(path)).isFile()) throw new Error('not a file');
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.min(size + 1, maxBytes));
      let length = 0;
      while (length < bytes.byteLength) {
        const { bytesRead } = await file.read(bytes, length, bytes.byteLength - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new AppError('attachment/unreadable', 'The file could not be read.', { cause });
  }
}
