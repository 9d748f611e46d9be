import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { MIGRATIONS } from './migrations.ts';

/** How many steps of the schema a database has taken. */
export function userVersion(database: DatabaseSyncInstance): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

/** Brings a database up to the current schema: all steps it lacks, or none. */
export function migrate(database: DatabaseSyncInstance): void {
  const version = userVersion(database);
  if (version >= MIGRATIONS.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    database.exec('COMMIT');
  } catch (error) {
    // After some errors (a full disk, say) SQLite has rolled back by itself and ROLLBACK would hide why.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
