import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { mapSqliteError } from '../map-sqlite-error.ts';
import { searchIndex } from '../search/search-index.ts';
import { SqlSession } from '../sql-session.ts';
import { listBackups } from './backup-folder.ts';
import { removeDatabase, type FileSystem } from './file-system.ts';
import type { HistoryPaths } from './history-paths.ts';

/** How long a statement waits for the history's own connection. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Deletes from every backup the conversations that were deleted for good since. A backup that is too damaged to delete from is
 * removed: deleted means deleted. What was damaged before it was set aside is cleaned as far as it can be read.
 */
export function purgeBackups(files: FileSystem, paths: HistoryPaths): void {
  const history = new DatabaseSync(paths.database, { timeout: BUSY_TIMEOUT_MS });
  try {
    const session = new SqlSession(history, paths.database);
    // Checkpoints wait for readers, and a backup is one: what was deleted meanwhile leaves the log now.
    session.exec('PRAGMA secure_delete = ON; PRAGMA wal_checkpoint(TRUNCATE)');
    const ids = session
      .all('SELECT conversation_id FROM backup_purges')
      .map((row) => String(row['conversation_id']));
    if (ids.length === 0) return;
    for (const backup of listBackups(files, paths.backups)) {
      const file = path.join(paths.backups, backup.name);
      if (deleteFrom(file, ids) === 'unreadable' && backup.kind !== 'damaged') removeDatabase(files, file);
    }
    for (const id of ids) session.run('DELETE FROM backup_purges WHERE conversation_id = ?', id);
    session.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (error) {
    throw mapSqliteError(error, paths.database);
  } finally {
    history.close();
  }
}

function deleteFrom(file: string, ids: readonly string[]): 'clean' | 'unreadable' {
  let backup: DatabaseSyncInstance | null = null;
  try {
    backup = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    const session = new SqlSession(backup, file);
    session.exec('PRAGMA secure_delete = ON; PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL');
    const hasIndex =
      session.get(`SELECT 1 AS found FROM sqlite_schema WHERE name = 'search_state'`) !== undefined;
    session.transaction(() => {
      for (const id of ids) deleteConversation(session, id, hasIndex);
      forgetFiles(session);
    });
    session.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return 'clean';
  } catch (error) {
    const known = mapSqliteError(error, file);
    if (known.code === 'storage/corrupt') return 'unreadable';
    throw known;
  } finally {
    backup?.close();
  }
}

/** What only the deleted messages had. Written without references to follow, as those are off here. */
function forgetFiles(session: SqlSession): void {
  const hasFiles =
    session.get(`SELECT 1 AS found FROM sqlite_schema WHERE name = 'message_attachments'`) !== undefined;
  if (!hasFiles) return;
  session.run('DELETE FROM message_attachments WHERE message_id NOT IN (SELECT id FROM messages)');
  session.run(
    `DELETE FROM draft_attachments WHERE conversation_id <> '' AND conversation_id NOT IN (SELECT id FROM conversations)`,
  );
  session.run(
    `DELETE FROM attachments WHERE id NOT IN (SELECT attachment_id FROM message_attachments)
       AND id NOT IN (SELECT attachment_id FROM draft_attachments)`,
  );
}

function deleteConversation(session: SqlSession, id: string, hasIndex: boolean): void {
  if (hasIndex) {
    const ended = session.all(
      `SELECT ordinal, text FROM messages WHERE conversation_id = ? AND state <> 'streaming'`,
      id,
    );
    searchIndex.remove(
      session,
      ended.map((row) => ({ ordinal: Number(row['ordinal']), text: row['text'] as string })),
    );
  }
  session.run(
    'DELETE FROM reply_chunks WHERE message_id IN (SELECT id FROM messages WHERE conversation_id = ?)',
    id,
  );
  session.run('DELETE FROM messages WHERE conversation_id = ?', id);
  session.run('DELETE FROM drafts WHERE conversation_id = ?', id);
  session.run('DELETE FROM conversations WHERE id = ?', id);
}
