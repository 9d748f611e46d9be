import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../contract/app-error.ts';
import { mapFileError } from './map-file-error.ts';

/** Bytes under the SHA-256 of what they are: one copy of each, never changed. */
export interface BlobStore {
  /** Keeps bytes through to the disk and returns their hash. What is there and whole is left as it is. Throws `storage/*`. */
  add(bytes: Uint8Array): Promise<string>;
  /** Throws `attachment/missing`, `attachment/damaged` when the bytes are not what they were, or `storage/*`. Deletes nothing. */
  read(hash: string): Promise<Uint8Array>;
  /** Every hash there is a file of. */
  list(): Promise<readonly string[]>;
  /** Those whose file was written after a time, in milliseconds. */
  listWrittenAfter(time: number): Promise<readonly string[]>;
  /** Absent is fine. */
  remove(hash: string): Promise<void>;
  /** Removes what a crash left half written. */
  removePartial(): Promise<void>;
}

const HASH = /^[0-9a-f]{64}$/;
/** A file that is being written. */
const PARTIAL = /^adding-/;

/** The store in a folder, which is made when something is first added. Folders are 0700, files 0600. */
export function createBlobStore(folder: string): BlobStore {
  const fileOf = (hash: string): string => path.join(folder, hash.slice(0, 2), hash);
  const list = async (): Promise<readonly string[]> => {
    const folders = await namesIn(folder);
    const names = await Promise.all(
      folders.filter((name) => /^[0-9a-f]{2}$/.test(name)).map((name) => namesIn(path.join(folder, name))),
    );
    return names.flat().filter((name) => HASH.test(name));
  };
  return {
    list,
    async listWrittenAfter(time) {
      const found: string[] = [];
      for (const hash of await list()) if ((await writtenAt(fileOf(hash))) > time) found.push(hash);
      return found;
    },
    async add(bytes) {
      const hash = await hashOf(bytes);
      const file = fileOf(hash);
      try {
        if (!(await isWhole(file, hash))) await writeWhole(folder, file, bytes);
      } catch (error) {
        throw mapFileError(error, file);
      }
      return hash;
    },
    async read(hash) {
      if (!HASH.test(hash)) throw missing(hash);
      const bytes = await readIfPresent(fileOf(hash));
      if (bytes === null) throw missing(hash);
      if ((await hashOf(bytes)) === hash) return bytes;
      throw new AppError('attachment/damaged', 'A stored file is no longer what it was.', {
        details: { hash },
      });
    },
    async remove(hash) {
      if (!HASH.test(hash)) return;
      const file = fileOf(hash);
      try {
        await rm(file, { force: true });
      } catch (error) {
        throw mapFileError(error, file);
      }
    },
    async removePartial() {
      const partial = (await namesIn(folder)).filter((name) => PARTIAL.test(name));
      await Promise.all(partial.map((name) => rm(path.join(folder, name), { force: true })));
    },
  };
}

/** SHA-256 in hex, computed off the event loop. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  // Small ones are quicker here than by way of another thread.
  if (bytes.byteLength < 65_536) return createHash('sha256').update(bytes).digest('hex');
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Buffer.from(digest).toString('hex');
}

/** A damaged file does not count: adding the same content again mends it. */
async function isWhole(file: string, hash: string): Promise<boolean> {
  const bytes = await readIfPresent(file);
  return bytes !== null && (await hashOf(bytes)) === hash;
}

/** Under another name first, so that a name never stands for less than all of its bytes, whenever the power goes. */
async function writeWhole(folder: string, file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const partial = path.join(folder, `adding-${randomUUID()}`);
  try {
    const handle = await open(partial, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  for (const changed of [path.dirname(file), folder, path.dirname(folder)]) await syncFolder(changed);
}

async function syncFolder(folder: string): Promise<void> {
  // Windows has no way to open a folder, and makes renames durable by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readIfPresent(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw mapFileError(error, file);
  }
}

/** Of a file that is gone it is the beginning of time. */
async function writtenAt(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (isAbsent(error)) return -Infinity;
    throw mapFileError(error, file);
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw mapFileError(error, folder);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function missing(hash: string): AppError {
  return new AppError('attachment/missing', 'A stored file is no longer there.', {
    details: { hash: hash.slice(0, 64) },
  });
}
