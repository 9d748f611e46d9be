import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { emptyLog } from '../empty-log.ts';
import { mapSqliteError } from '../map-sqlite-error.ts';
import { searchIndex } from '../search/search-index.ts';
import { SqlSession } from '../sql-session.ts';
import { listBackups } from './backup-folder.ts';
import { removeDatabase, type FileSystem } from './file-system.ts';
import type { HistoryPaths } from './history-paths.ts';

/** What is to leave the backups. */
interface Deleted {
  readonly conversationIds: readonly string[];
  readonly messageIds: readonly string[];
}

/** How long a statement waits for the history's own connection. */
const BUSY_TIMEOUT_MS = 5_000;

/** So often it is tried to empty the log before that is left for later. */
const LOG_TRIES = 10;
/** Between two tries; writes of the history are shorter. */
const LOG_PAUSE_MS = 20;

/**
 * Deletes from every backup the conversations and messages that were deleted for good since. A backup that is too damaged to delete from is
 * removed: deleted means deleted. What was damaged before it was set aside is cleaned as far as it can be read. While somebody
 * reads an older moment of the history, the deleted text cannot leave its log: all of it then stays noted for the next time,
 * and only what is done `at-once` is done already.
 */
export function purgeBackups(
  files: FileSystem,
  paths: HistoryPaths,
  when: 'once-nobody-reads' | 'at-once',
): void {
  const history = new DatabaseSync(paths.database, { timeout: BUSY_TIMEOUT_MS });
  try {
    const session = new SqlSession(history, paths.database);
    const deleted: Deleted = {
      conversationIds: idsIn(session, 'SELECT conversation_id AS id FROM backup_purges'),
      messageIds: idsIn(session, 'SELECT message_id AS id FROM backup_message_purges'),
    };
    if (deleted.conversationIds.length + deleted.messageIds.length === 0) return;
    session.exec('PRAGMA secure_delete = ON');
    const isLogEmpty = tryToEmptyLog(session);
    if (!isLogEmpty && when === 'once-nobody-reads') return;
    for (const backup of listBackups(files, paths.backups)) {
      const file = path.join(paths.backups, backup.name);
      if (deleteFrom(file, deleted) === 'unreadable' && backup.kind !== 'damaged')
        removeDatabase(files, file);
    }
    if (isLogEmpty) forgetNotes(session, deleted);
  } catch (error) {
    throw mapSqliteError(error, paths.database);
  } finally {
    history.close();
  }
}

/** Between the tries nothing is locked, and this thread has nothing else to do. */
function tryToEmptyLog(session: SqlSession): boolean {
  for (let tries = 1; !emptyLog(session); tries += 1) {
    if (tries === LOG_TRIES) return false;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOG_PAUSE_MS);
  }
  return true;
}

function forgetNotes(session: SqlSession, { conversationIds, messageIds }: Deleted): void {
  session.transaction(() => {
    for (const id of conversationIds) session.run('DELETE FROM backup_purges WHERE conversation_id = ?', id);
    for (const id of messageIds) session.run('DELETE FROM backup_message_purges WHERE message_id = ?', id);
  });
  emptyLog(session);
}

function deleteFrom(file: string, deleted: Deleted): 'clean' | 'unreadable' {
  let backup: DatabaseSyncInstance | null = null;
  try {
    backup = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    const session = new SqlSession(backup, file);
    session.exec('PRAGMA secure_delete = ON; PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL');
    // A backup can be of any version: what its schema lacks holds nothing to delete.
    const tables = new Set(idsIn(session, `SELECT name AS id FROM sqlite_schema WHERE type = 'table'`));
    session.transaction(() => {
      for (const id of deleted.conversationIds) deleteConversation(session, id, tables);
      deleteMessages(session, deleted.messageIds, tables);
      // Both came with the same version.
      if (tables.has('message_attachments')) {
        forgetFiles(session);
        forgetSummaries(session);
      }
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
  session.run('DELETE FROM message_attachments WHERE message_id NOT IN (SELECT id FROM messages)');
  session.run(
    `DELETE FROM draft_attachments WHERE conversation_id <> '' AND conversation_id NOT IN (SELECT id FROM conversations)`,
  );
  session.run(
    `DELETE FROM attachments WHERE id NOT IN (SELECT attachment_id FROM message_attachments)
       AND id NOT IN (SELECT attachment_id FROM draft_attachments)`,
  );
}

/** What summaries say of messages that are deleted. */
function forgetSummaries(session: SqlSession): void {
  session.run(
    `UPDATE conversations SET summary = NULL, summary_up_to = NULL
     WHERE summary_up_to IS NOT NULL AND summary_up_to NOT IN (SELECT id FROM messages)`,
  );
}

function deleteConversation(session: SqlSession, id: string, tables: ReadonlySet<string>): void {
  deleteMessages(session, idsIn(session, 'SELECT id FROM messages WHERE conversation_id = ?', id), tables);
  session.run('DELETE FROM drafts WHERE conversation_id = ?', id);
  if (tables.has('shown_variants')) session.run('DELETE FROM shown_variants WHERE conversation_id = ?', id);
  session.run('DELETE FROM conversations WHERE id = ?', id);
}

/** With all that hangs below them: what was purged had nothing left there. */
function deleteMessages(session: SqlSession, ids: readonly string[], tables: ReadonlySet<string>): void {
  for (const id of ids) {
    const rows = session.all(
      `WITH RECURSIVE below (id) AS (
         SELECT ? UNION SELECT m.id FROM messages m JOIN below ON m.parent_id = below.id
       ) SELECT m.ordinal, m.id, m.text, m.state FROM messages m JOIN below ON below.id = m.id`,
      id,
    );
    if (tables.has('search_state')) {
      const ended = rows.filter((row) => row['state'] !== 'streaming');
      searchIndex.remove(
        session,
        ended.map((row) => ({ ordinal: Number(row['ordinal']), text: row['text'] as string })),
      );
    }
    for (const row of rows) {
      session.run('DELETE FROM reply_chunks WHERE message_id = ?', row['id'] as string);
      session.run('DELETE FROM messages WHERE ordinal = ?', Number(row['ordinal']));
    }
  }
  session.run(`
    UPDATE conversations SET head_id = (
        SELECT m.id FROM messages m WHERE m.conversation_id = conversations.id ORDER BY m.ordinal DESC LIMIT 1)
      WHERE head_id IS NOT NULL AND head_id NOT IN (SELECT id FROM messages)`);
}

function idsIn(session: SqlSession, sql: string, ...values: readonly string[]): string[] {
  return session.all(sql, ...values).map((row) => String(row['id']));
}
