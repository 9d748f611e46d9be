import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { AppError } from '../../../contract/app-error.ts';
import type { Backup, BackupKind } from '../../../contract/model/backup.ts';
import { mapSqliteError } from '../map-sqlite-error.ts';
import { findBackup, freeBackupName, listBackups, pruneBackups } from './backup-folder.ts';
import { removeDatabase, type FileSystem } from './file-system.ts';
import { forgetDraftFiles } from './forget-draft-files.ts';
import type { HistoryPaths } from './history-paths.ts';

/** A backup must leave at least this much room on the disk: answers are worth more than a second copy. */
const SPARE_BYTES = 64 * 1_024 ** 2;
/** A daily backup younger than this is today's; less than a day, so that the hour does not wander. */
const DAILY_MS = 20 * 3_600_000;
/** How long a statement waits for the history's own connection. */
const BUSY_TIMEOUT_MS = 5_000;

/** Makes, checks and files a backup, and removes what is too old. Throws `storage/*`; a backup that is not whole is none. */
export function makeBackup(
  files: FileSystem,
  paths: HistoryPaths,
  made: { kind: BackupKind; at: number },
): Backup {
  files.makeFolder(paths.backups);
  const name = freeBackupName(files, paths.backups, made.kind, made.at);
  const partial = path.join(paths.backups, 'making.partial');
  copyDatabase(files, paths.database, partial);
  if (!isWholeDatabase(partial)) {
    removeDatabase(files, partial);
    throw new AppError('storage/corrupt', 'The history could not be copied whole.', {
      details: { path: paths.database },
    });
  }
  forgetDraftFiles(partial);
  files.sync(partial);
  files.rename(partial, path.join(paths.backups, name));
  pruneBackups(files, paths.backups, name);
  const { file: _file, ...backup } = findBackup(files, paths.backups, name);
  return backup;
}

/** Whether the last daily backup is a day old. */
export function isDailyBackupDue(files: FileSystem, paths: HistoryPaths, now: number): boolean {
  const last = listBackups(files, paths.backups).find(({ kind }) => kind === 'daily');
  // A backup from the future is of a clock that was put back.
  return last === undefined || now - last.madeAt >= DAILY_MS || last.madeAt > now;
}

/**
 * Copies what is in a database, log included, to a new file, from one moment, while others read and write. Deleted text does not
 * come along.
 */
export function copyDatabase(files: FileSystem, from: string, to: string): void {
  removeDatabase(files, to);
  assertRoom(files, from, to);
  let source: DatabaseSyncInstance | null = null;
  try {
    source = new DatabaseSync(from, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    // Inherited by the copy: without it, text is left over in the unused parts of pages, where no later deletion reaches it.
    source.exec('PRAGMA secure_delete = ON');
    source.prepare('VACUUM INTO ?').run(to);
    files.makePrivate(to);
    // VACUUM INTO does not sync what it wrote.
    files.sync(to);
  } catch (error) {
    removeDatabase(files, to);
    throw mapSqliteError(error, to);
  } finally {
    source?.close();
  }
}

/** Reads a whole database, read-only. */
export function isWholeDatabase(file: string): boolean {
  let database: DatabaseSyncInstance | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    return database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] === 'ok';
  } catch (error) {
    const known = mapSqliteError(error, file);
    if (known.code === 'storage/corrupt') return false;
    throw known;
  } finally {
    database?.close();
  }
}

function assertRoom(files: FileSystem, from: string, to: string): void {
  const wal = files.exists(`${from}-wal`) ? files.size(`${from}-wal`) : 0;
  const neededBytes = (files.exists(from) ? files.size(from) : 0) + wal + SPARE_BYTES;
  if (files.freeBytes(path.dirname(to)) >= neededBytes) return;
  throw new AppError('storage/full', 'There is not enough room on the disk for a copy of the history.', {
    details: { path: to, neededBytes },
  });
}
