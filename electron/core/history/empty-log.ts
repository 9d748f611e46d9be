import { AppError } from '../../contract/app-error.ts';
import type { SqlSession } from './sql-session.ts';

/** Brings into the database what nobody else holds up, without a lock that a writer needs. Throws only for a damaged database. */
export function bringInLog(session: SqlSession): void {
  try {
    session.exec('PRAGMA wal_checkpoint(PASSIVE)');
  } catch (error) {
    // What was saved is safe in the log; a damaged database is the one thing that must not wait for the next time.
    if (error instanceof AppError && error.code === 'storage/corrupt') throw error;
  }
}

/**
 * Brings the log into the database and leaves nothing in it: `secure_delete` zeroes pages of the database, but deleted text lives
 * on in the log until then. Never waits. Returns false while somebody still reads an older moment (an export, a backup): whoever
 * asked tries again later.
 */
export function emptyLog(session: SqlSession): boolean {
  const timeoutMs = Number(session.get('PRAGMA busy_timeout')?.['timeout'] ?? 0);
  // A truncating checkpoint waits for readers with the write lock in its hands: nobody could save anything meanwhile.
  session.exec('PRAGMA busy_timeout = 0');
  try {
    // Needs no lock that a writer needs, and leaves little for the one that does.
    session.exec('PRAGMA wal_checkpoint(PASSIVE)');
    return Number(session.get('PRAGMA wal_checkpoint(TRUNCATE)')?.['busy'] ?? 1) === 0;
  } catch (error) {
    if (error instanceof AppError && error.code === 'storage/locked') return false;
    throw error;
  } finally {
    session.exec(`PRAGMA busy_timeout = ${timeoutMs}`);
  }
}
