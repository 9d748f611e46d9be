import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { MIGRATIONS } from './migrations.ts';

/** How many steps of the schema a database has taken. */
export function userVersion(database: DatabaseSyncInstance): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

/** Brings a database up to the current schema, step by step. */
export function migrate(database: DatabaseSyncInstance): void {
  for (let version = userVersion(database); version < MIGRATIONS.length; version += 1) {
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(MIGRATIONS[version] ?? '');
      database.exec(`PRAGMA user_version = ${version + 1}`);
      database.exec('COMMIT');
    } catch (error) {
      // After some errors (a full disk, say) SQLite has rolled back by itself and ROLLBACK would hide why.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}
