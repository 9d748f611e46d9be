import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { AppError } from '../../contract/app-error.ts';
import { mapSqliteError } from './map-sqlite-error.ts';
import { MIGRATIONS } from './migrations.ts';

/** How long a statement waits for another process's lock. The worker waits, never the main event loop. */
const BUSY_TIMEOUT_MS = 2_000;

/** Opens (or makes) the history database, checks it, and brings it up to date. Throws `storage/*`; deletes nothing. */
export function openDatabase(file: string): DatabaseSyncInstance {
  const folder = path.dirname(file);
  let database: DatabaseSyncInstance | null = null;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    // A file from the future is recognised before anything, the journal mode included, can touch it.
    refuseFuture(database, file);
    // FULL: with WAL a commit is then durable after power loss (https://www.sqlite.org/pragma.html#pragma_synchronous).
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;',
    );
    check(database, file);
    migrate(database);
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) chmodSync(file + suffix, 0o600);
    return database;
  } catch (error) {
    database?.close();
    throw mapSqliteError(error, file);
  }
}

function userVersion(database: DatabaseSyncInstance): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

function refuseFuture(database: DatabaseSyncInstance, file: string): void {
  const version = userVersion(database);
  if (version <= MIGRATIONS.length) return;
  throw new AppError('storage/from-the-future', 'A newer Latchkey wrote this history.', {
    details: { path: file, version, knownVersion: MIGRATIONS.length },
  });
}

function check(database: DatabaseSyncInstance, file: string): void {
  const verdict = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (verdict === 'ok') return;
  throw new AppError('storage/corrupt', 'The history database is damaged.', { details: { path: file } });
}

function migrate(database: DatabaseSyncInstance): void {
  for (let version = userVersion(database); version < MIGRATIONS.length; version += 1) {
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(MIGRATIONS[version] ?? '');
      database.exec(`PRAGMA user_version = ${version + 1}`);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
}
