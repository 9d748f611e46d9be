import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** The calls with which the history's files are moved, so that a test can let each of them fail. SQLite makes its own. */
export interface FileSystem {
  exists(file: string): boolean;
  read(file: string): Buffer;
  list(folder: string): readonly string[];
  size(file: string): number;
  freeBytes(folder: string): number;
  makeFolder(folder: string): void;
  /** Writes a small file whole, and through to the disk. */
  write(file: string, content: string | Uint8Array): void;
  copy(from: string, to: string): void;
  rename(from: string, to: string): void;
  /** Absent is fine. */
  remove(file: string): void;
  /** For its owner alone. */
  makePrivate(file: string): void;
  /** Through to the disk: of a file its content, of a folder its names. */
  sync(fileOrFolder: string): void;
}

/** Node's own. */
export const nodeFileSystem: FileSystem = {
  exists: existsSync,
  read: (file) => readFileSync(file),
  list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
  size: (file) => statSync(file).size,
  freeBytes(folder) {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  },
  makeFolder: (folder) => void mkdirSync(folder, { recursive: true, mode: 0o700 }),
  write(file, content) {
    writeFileSync(file, content, { mode: 0o600, flush: true });
  },
  copy(from, to) {
    copyFileSync(from, to);
    sync(to);
  },
  rename(from, to) {
    renameSync(from, to);
    syncFolder(path.dirname(to));
  },
  remove: (file) => rmSync(file, { force: true }),
  makePrivate: (file) => chmodSync(file, 0o600),
  sync: (target) => (statSync(target).isDirectory() ? syncFolder(target) : sync(target)),
};

/** The files SQLite keeps beside a database. */
export const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;

/** Removes a database and what SQLite keeps beside it. */
export function removeDatabase(files: FileSystem, file: string): void {
  for (const suffix of ['', ...SIDE_FILES]) files.remove(file + suffix);
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(folder: string): void {
  // Windows has no way to open a folder, and makes renames durable by itself.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
