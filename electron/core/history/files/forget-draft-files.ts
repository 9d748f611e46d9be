import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { mapSqliteError } from '../map-sqlite-error.ts';

/** How long a statement waits for another connection. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Takes the files of drafts out of a history that becomes a backup: a file that is taken off a draft is gone for good, and a backup
 * would keep its content for weeks. Throws `storage/*`.
 */
export function forgetDraftFiles(file: string): void {
  let database: DatabaseSyncInstance | null = null;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    const sql = `SELECT 1 FROM sqlite_schema WHERE name = 'draft_attachments'`;
    if (database.prepare(sql).get() === undefined) return;
    database.exec(`
      PRAGMA secure_delete = ON;
      BEGIN IMMEDIATE;
      DELETE FROM draft_attachments;
      DELETE FROM attachments WHERE id NOT IN (SELECT attachment_id FROM message_attachments);
      COMMIT;
      PRAGMA wal_checkpoint(TRUNCATE)`);
  } catch (error) {
    throw mapSqliteError(error, file);
  } finally {
    database?.close();
  }
}
