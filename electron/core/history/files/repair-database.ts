import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { migrate } from '../migrate.ts';
import { mapSqliteError } from '../map-sqlite-error.ts';
import { listBackups } from './backup-folder.ts';
import { removeDatabase, SIDE_FILES, type FileSystem } from './file-system.ts';
import type { HistoryPaths } from './history-paths.ts';
import { copyReadableRows, countRows, mendReferences, type SalvageCounts } from './salvage-database.ts';

/** What a repair put together. */
export interface Salvage extends SalvageCounts {
  readonly fromBackupCount: number;
}

/** The first bytes of a database say how to read the rest; the schema starts right behind them. */
const HEADER_BYTES = 100;

/**
 * Builds a new database from what can be read of the damaged one, and, for what is missing there, of the newest backup. The
 * damaged one is only read. The result is under `paths.ready`, whole, or this throws `storage/*` and nothing has changed.
 */
export function salvageHistory(files: FileSystem, paths: HistoryPaths, now: number): Salvage {
  removeDatabase(files, paths.partial);
  removeDatabase(files, paths.ready);
  let target: DatabaseSyncInstance | null = null;
  try {
    target = new DatabaseSync(paths.partial);
    // A database nobody else knows yet: it is synced as a whole, below.
    target.exec(
      'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA secure_delete = ON',
    );
    migrate(target);
    copyFromDamaged(files, paths, target);
    const { messageCount } = countRows(target);
    const backup = listBackups(files, paths.backups).find(({ kind }) => kind !== 'damaged');
    if (backup !== undefined) copyReadableRows(path.join(paths.backups, backup.name), target, 'backup');
    mendReferences(target, now);
    const counts = countRows(target);
    target.close();
    target = null;
    files.makePrivate(paths.partial);
    files.sync(paths.partial);
    files.rename(paths.partial, paths.ready);
    return { ...counts, fromBackupCount: counts.messageCount - messageCount };
  } catch (error) {
    target?.close();
    throw mapSqliteError(error, paths.database);
  }
}

function copyFromDamaged(files: FileSystem, paths: HistoryPaths, target: DatabaseSyncInstance): void {
  // A copy, since even reading makes SQLite write a file beside the database.
  const copy = `${paths.partial}.source`;
  removeDatabase(files, copy);
  try {
    for (const suffix of ['', '-wal', '-journal'])
      if (files.exists(paths.database + suffix)) files.copy(paths.database + suffix, copy + suffix);
    if (!isDatabase(copy)) files.write(copy, withHeader(files.read(copy), files.read(paths.partial)));
    copyReadableRows(copy, target, 'damaged');
  } finally {
    removeDatabase(files, copy);
  }
}

/** Whether SQLite recognises the file and finds its list of tables. */
function isDatabase(file: string): boolean {
  let database: DatabaseSyncInstance | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return true;
  } catch {
    return false;
  } finally {
    database?.close();
  }
}

/** The file with the header of a database of the same make. https://www.sqlite.org/fileformat2.html#the_database_header */
function withHeader(damaged: Buffer, sample: Buffer): Buffer {
  if (damaged.length < HEADER_BYTES) return damaged;
  const mended = Buffer.from(damaged);
  sample.copy(mended, 0, 0, HEADER_BYTES);
  const pageSize = sample.readUInt16BE(16);
  mended.writeUInt32BE(Math.floor(damaged.length / pageSize), 28);
  // No free pages are known any more.
  mended.writeUInt32BE(0, 32);
  mended.writeUInt32BE(0, 36);
  // The number of pages counts only while these two agree.
  mended.writeUInt32BE(mended.readUInt32BE(24), 92);
  return mended;
}

/** Puts the database that is ready in the place of the present one, which goes to the backups under a name. */
export function putInPlace(files: FileSystem, paths: HistoryPaths, asideName: string): void {
  moveAside(files, paths, asideName);
  files.rename(paths.ready, paths.database);
}

/** How much is in the database that is ready. */
export function countReady(paths: HistoryPaths): SalvageCounts {
  const ready = new DatabaseSync(paths.ready, { readOnly: true });
  try {
    return countRows(ready);
  } finally {
    ready.close();
  }
}

function moveAside(files: FileSystem, paths: HistoryPaths, name: string): void {
  const target = path.join(paths.backups, name);
  files.makeFolder(paths.backups);
  // The log first: left behind, it would be taken for the new database's own.
  for (const suffix of [...SIDE_FILES, '']) {
    if (!files.exists(paths.database + suffix)) continue;
    if (suffix === '-shm') files.remove(paths.database + suffix);
    else files.rename(paths.database + suffix, target + suffix);
  }
}
