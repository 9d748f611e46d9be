import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { AppError } from '../../contract/app-error.ts';
import type { BackupKind } from '../../contract/model/backup.ts';
import { findBackup, freeBackupName, listBackups, pruneBackups } from './files/backup-folder.ts';
import { removeDatabase, type FileSystem } from './files/file-system.ts';
import { historyPaths, type HistoryPaths } from './files/history-paths.ts';
import { readState, writeState } from './files/history-state.ts';
import { forgetDraftFiles } from './files/forget-draft-files.ts';
import { copyDatabase, isWholeDatabase } from './files/make-backup.ts';
import { countReady, putInPlace, salvageHistory } from './files/repair-database.ts';
import { carryLedger } from './files/salvage-database.ts';
import type { RepairReport, StartReport } from './history-files.ts';
import { mapSqliteError } from './map-sqlite-error.ts';
import { migrate, userVersion } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

/** How long a statement waits for another process's lock. The worker waits, never the main event loop. */
const BUSY_TIMEOUT_MS = 2_000;
/** A database that ended well is read whole this often all the same: disks forget. */
const CHECK_INTERVAL_MS = 7 * 86_400_000;

/** 32 MiB. */
const MAX_LOG_PAGES = 8_192;

/** What opening works with. */
export interface OpenOptions {
  readonly databaseFile: string;
  readonly files: FileSystem;
  readonly now: number;
}

/** An open database and what happened on the way. */
export interface OpenedDatabase {
  readonly database: DatabaseSyncInstance;
  readonly report: StartReport;
}

/**
 * Opens (or makes) the history: does what was asked for at the last run, mends what is damaged, and brings the schema up to
 * date after a backup. Throws `storage/*`. Deletes nothing: what was damaged or replaced is kept among the backups, and a
 * database from the future or one that cannot be opened just now is left as it is.
 */
export function openDatabase({ databaseFile, files, now }: OpenOptions): OpenedDatabase {
  const paths = historyPaths(databaseFile);
  try {
    files.makeFolder(path.dirname(databaseFile));
    const restore = restorePending(files, paths, now);
    const { pending, checkedAt } = readState(files, paths);
    const endedBadly = sizeOf(files, `${databaseFile}-wal`) > 0;
    const mustRepair = pending?.kind === 'repair' || wasEmptied(files, paths);
    const { database, repair } = openOrRepair(files, paths, { now, mustRepair });
    const isCheckDue = endedBadly || checkedAt === null || now - checkedAt > CHECK_INTERVAL_MS;
    return { database, report: { repair, hasRestoreFailed: restore === 'failed', isCheckDue } };
  } catch (error) {
    throw mapSqliteError(error, databaseFile);
  }
}

function sizeOf(files: FileSystem, file: string): number {
  return files.exists(file) ? files.size(file) : 0;
}

/** A file without content where there are backups is what some file systems leave after a power cut. */
function wasEmptied(files: FileSystem, paths: HistoryPaths): boolean {
  const isEmpty = files.exists(paths.database) && files.size(paths.database) === 0;
  return (
    isEmpty && sizeOf(files, `${paths.database}-wal`) === 0 && listBackups(files, paths.backups).length > 0
  );
}

function openOrRepair(
  files: FileSystem,
  paths: HistoryPaths,
  { now, mustRepair }: { readonly now: number; readonly mustRepair: boolean },
): { database: DatabaseSyncInstance; repair: RepairReport | null } {
  if (!mustRepair) {
    try {
      return { database: openHealthy(files, paths, now), repair: null };
    } catch (error) {
      if (mapSqliteError(error, paths.database).code !== 'storage/corrupt') throw error;
    }
  }
  refuseFutureFile(paths);
  const repair = repairNow(files, paths, now);
  return { database: openHealthy(files, paths, now), repair };
}

/** Every step can be the last one before the power fails: the next opening goes on from there. */
function repairNow(files: FileSystem, paths: HistoryPaths, now: number): RepairReport {
  const { pending, checkedAt } = readState(files, paths);
  const chosenName = pending?.kind === 'repair' ? pending.keptAs : null;
  const keptAs = chosenName ?? freeBackupName(files, paths.backups, 'damaged', now);
  if (chosenName === null) {
    removeDatabase(files, paths.ready);
    writeState(files, paths, { checkedAt, pending: { kind: 'repair', keptAs } });
  }
  // Ready: salvaged before, and the damaged one may be on its way to the backups already.
  const salvage = files.exists(paths.ready)
    ? { ...countReady(paths), fromBackupCount: 0 }
    : salvageHistory(files, paths, now);
  putInPlace(files, paths, keptAs);
  writeState(files, paths, { checkedAt: null, pending: null });
  return { keptAs, ...salvage };
}

/** Puts the backup that was asked for in the place of the history; when it cannot be read, the history stays. */
function restorePending(files: FileSystem, paths: HistoryPaths, now: number): 'done' | 'failed' {
  const { pending, checkedAt } = readState(files, paths);
  if (pending?.kind !== 'restore') return 'done';
  const isUnderWay = !files.exists(paths.database) && files.exists(paths.ready);
  const isReady = isUnderWay || prepareRestore(files, paths, pending.name);
  if (isReady) {
    const kind: BackupKind = settleAsBackup(files, paths.database) ? 'replaced' : 'damaged';
    putInPlace(files, paths, freeBackupName(files, paths.backups, kind, now));
  }
  writeState(files, paths, { checkedAt, pending: null });
  return isReady ? 'done' : 'failed';
}

function prepareRestore(files: FileSystem, paths: HistoryPaths, name: string): boolean {
  removeDatabase(files, paths.ready);
  removeDatabase(files, paths.partial);
  try {
    copyDatabase(files, findBackup(files, paths.backups, name).file, paths.partial);
  } catch (error) {
    const { code } = mapSqliteError(error, paths.database);
    if (code !== 'storage/no-backup' && code !== 'storage/corrupt') throw error;
    return false;
  }
  if (!isWholeDatabase(paths.partial)) {
    removeDatabase(files, paths.partial);
    return false;
  }
  keepLedger(files, paths);
  files.rename(paths.partial, paths.ready);
  return true;
}

/** A budget that is used up must not come back with a backup from before. */
function keepLedger(files: FileSystem, paths: HistoryPaths): void {
  settle(files, paths.database);
  const restored = new DatabaseSync(paths.partial);
  try {
    // One from the future stays as it is, and is refused when it is opened.
    if (userVersion(restored) > MIGRATIONS.length) return;
    restored.exec('PRAGMA secure_delete = ON');
    migrate(restored);
    carryLedger(paths.database, restored);
  } finally {
    restored.close();
  }
  files.sync(paths.partial);
}

/** Brings the log of a database into it, so that it is one file. Says whether that went well. */
function settle(files: FileSystem, file: string): boolean {
  if (!files.exists(file)) return true;
  let database: DatabaseSyncInstance | null = null;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return true;
  } catch (error) {
    const { code } = mapSqliteError(error, file);
    if (code !== 'storage/corrupt') throw error;
    return false;
  } finally {
    database?.close();
  }
}

/** The same for a history that becomes a backup. */
function settleAsBackup(files: FileSystem, file: string): boolean {
  if (!settle(files, file)) return false;
  try {
    if (files.exists(file)) forgetDraftFiles(file);
    return true;
  } catch (error) {
    if (mapSqliteError(error, file).code !== 'storage/corrupt') throw error;
    return false;
  }
}

function openHealthy(files: FileSystem, paths: HistoryPaths, now: number): DatabaseSyncInstance {
  const file = paths.database;
  let database: DatabaseSyncInstance | null = null;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    // A file from the future is recognised before anything, the journal mode included, can touch it.
    refuseFuture(database, file);
    // FULL: with WAL a commit is then durable after power loss (https://www.sqlite.org/pragma.html#pragma_synchronous).
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;',
    );
    // The log is brought in when an answer has ended; in the middle of one, text that has arrived would wait for the disk. The
    // limit is for a log that grows without any end.
    database.exec(`PRAGMA trusted_schema = OFF; PRAGMA wal_autocheckpoint = ${MAX_LOG_PAGES}`);
    touchTables(database);
    if (userVersion(database) < MIGRATIONS.length) {
      if (userVersion(database) > 0) copyBeforeUpgrade(files, paths, now);
      migrate(database);
    }
    for (const suffix of ['', '-wal', '-shm'])
      if (files.exists(file + suffix)) files.makePrivate(file + suffix);
    return database;
  } catch (error) {
    database?.close();
    throw mapSqliteError(error, file);
  }
}

function copyBeforeUpgrade(files: FileSystem, paths: HistoryPaths, now: number): void {
  files.makeFolder(paths.backups);
  const name = freeBackupName(files, paths.backups, 'upgrade', now);
  copyDatabase(files, paths.database, paths.partial);
  forgetDraftFiles(paths.partial);
  files.sync(paths.partial);
  files.rename(paths.partial, path.join(paths.backups, name));
  pruneBackups(files, paths.backups, name);
}

/** Reads the roots of all tables and the newest rows: cheap at any size. The rest is read in the background. */
function touchTables(database: DatabaseSyncInstance): void {
  const tables = database.prepare(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  );
  for (const row of tables.all()) {
    const name = String(row['name']);
    if (!name.startsWith('message_words') && !name.startsWith('message_grams'))
      database.prepare(`SELECT * FROM "${name}" LIMIT 1`).all();
  }
  if (userVersion(database) === 0) return;
  const hasMessages = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'messages'`).get();
  if (hasMessages === undefined) throw new AppError('storage/corrupt', 'The history has lost its tables.');
  database.prepare('SELECT * FROM messages ORDER BY ordinal DESC LIMIT 1').all();
}

function refuseFutureFile({ database: file }: HistoryPaths): void {
  let database: DatabaseSyncInstance | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    refuseFuture(database, file);
  } catch (error) {
    if (error instanceof AppError) throw error;
    // Unreadable: what is about to be repaired.
  } finally {
    database?.close();
  }
}

function refuseFuture(database: DatabaseSyncInstance, file: string): void {
  const version = userVersion(database);
  if (version <= MIGRATIONS.length) return;
  throw new AppError('storage/from-the-future', 'A newer Latchkey wrote this history.', {
    details: { path: file, version, knownVersion: MIGRATIONS.length },
  });
}
