import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../contract/app-error.ts';
import { MAX_DOCUMENT_BYTES, type ImportSource, type SourceDocument } from './import-source.ts';
import { openArchive } from './open-archive.ts';

/** How much of a file is read at a time. */
const PIECE_BYTES = 256 * 1_024;

/** Opens what was chosen: one archive, or any number of documents. Throws `transfer/*`. */
export async function openSource(files: readonly string[]): Promise<ImportSource> {
  const [first] = files;
  if (first !== undefined && files.length === 1 && (await isArchive(first))) return openArchive(first);
  const documents = await Promise.all([...files].sort().map(toDocument));
  if (documents.reduce((sum, { byteCount }) => sum + byteCount, 0) > MAX_DOCUMENT_BYTES)
    throw new AppError('transfer/too-large', 'The files are too large.', {
      details: { maxBytes: MAX_DOCUMENT_BYTES },
    });
  return { documents, readPicture: () => Promise.resolve(null), close: () => Promise.resolve() };
}

async function toDocument(file: string): Promise<SourceDocument> {
  try {
    const found = await stat(file);
    // A pipe or a device may never end.
    if (!found.isFile()) throw new Error('not a file');
    return { name: path.basename(file), byteCount: found.size, read: () => readPieces(file) };
  } catch (cause) {
    throw unreadable(cause);
  }
}

async function* readPieces(file: string): AsyncIterable<Uint8Array> {
  try {
    for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES })) yield piece as Buffer;
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** By its first bytes, whatever it is called. */
async function isArchive(file: string): Promise<boolean> {
  try {
    // Opening a pipe waits for somebody to write to it, perhaps for ever.
    if (!(await stat(file)).isFile()) throw new Error('not a file');
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
      return bytesRead === 4 && /^PK(?:\x03\x04|\x05\x06)$/.test(buffer.toString('latin1'));
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('transfer/unreadable', 'The file cannot be read.', { cause });
}
