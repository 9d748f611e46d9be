import { emptyLog } from './empty-log.ts';
import { growTree, messagesBelow } from './message-tree.ts';
import { PURGING, type Row } from './rows.ts';
import { searchIndex } from './search/search-index.ts';
import type { SqlSession } from './sql-session.ts';

/** Messages deleted in one step. */
const PURGE_STEP = 100;

/**
 * Deletes for good what was removed at or before a time: conversations, and messages with what is below them. In steps, each
 * durable by itself; a crash in between is finished at the next start, since what has begun to go never comes back. Returns how
 * many removals were carried out.
 */
export function* purgeRemoved(session: SqlSession, removedBefore: number): Generator<void, number> {
  const conversationIds = takeDue(session, 'conversations', removedBefore);
  for (const id of conversationIds) yield* purgeConversation(session, id);
  const messageIds = takeDue(session, 'messages', removedBefore);
  for (const id of messageIds) yield* purgeMessage(session, id);
  const count = conversationIds.length + messageIds.length;
  // What cannot leave the log yet does with `purgeBackups`: what is to go from the backups is noted until then.
  if (count > 0) emptyLog(session);
  return count;
}

function takeDue(session: SqlSession, table: 'conversations' | 'messages', removedBefore: number): string[] {
  // Of messages the topmost of each removal: the others go with it.
  const isTop = table === 'messages' ? 'AND removed_with = id' : '';
  session.run(`UPDATE ${table} SET removed_at = ${PURGING} WHERE removed_at <= ? ${isTop}`, removedBefore);
  return session
    .all(`SELECT id FROM ${table} WHERE removed_at = ${PURGING} ${isTop}`)
    .map((row) => row['id'] as string);
}

function* purgeConversation(session: SqlSession, id: string): Generator<void, void> {
  const sql =
    'SELECT ordinal, id, text, state FROM messages WHERE conversation_id = ? ORDER BY ordinal DESC LIMIT ?';
  // The last first, so that none takes its answers along.
  while (deleteRows(session, () => session.all(sql, id, PURGE_STEP)) > 0) yield;
  session.transaction(() => {
    session.run('DELETE FROM conversations WHERE id = ?', id);
    session.run('DELETE FROM drafts WHERE conversation_id = ?', id);
    session.run('DELETE FROM draft_attachments WHERE conversation_id = ?', id);
    session.run('INSERT OR IGNORE INTO backup_purges (conversation_id) VALUES (?)', id);
  });
  yield;
}

/** The whole of what is below it, whenever that was removed. */
function* purgeMessage(session: SqlSession, id: string): Generator<void, void> {
  const conversationId = session.get('SELECT conversation_id FROM messages WHERE id = ?', id)?.[
    'conversation_id'
  ] as string | undefined;
  // It went with another that was above it.
  if (conversationId === undefined) return;
  const nodes = session
    .all('SELECT id, parent_id FROM messages WHERE conversation_id = ? ORDER BY ordinal', conversationId)
    .map((row) => ({ id: row['id'] as string, parentId: row['parent_id'] as string | null }));
  const ids = messagesBelow(growTree(nodes, new Map()), id).toReversed();
  forgetSummary(session, conversationId, new Set(ids));
  for (let at = 0; at < ids.length; at += PURGE_STEP) {
    const step = ids.slice(at, at + PURGE_STEP);
    deleteRows(session, () => step.flatMap((each) => findRow(session, each)), { isNoted: true });
    yield;
  }
  session.run(
    `DELETE FROM shown_variants WHERE conversation_id = ? AND (message_id NOT IN (SELECT id FROM messages)
       OR (parent_id <> '' AND parent_id NOT IN (SELECT id FROM messages)))`,
    conversationId,
  );
}

/** A summary says what stood in the messages: it goes before the last of those it stands for, so that no crash leaves it behind. */
function forgetSummary(session: SqlSession, conversationId: string, ids: ReadonlySet<string>): void {
  const row = session.get('SELECT summary_up_to FROM conversations WHERE id = ?', conversationId);
  const upToId = row?.['summary_up_to'];
  if (typeof upToId !== 'string' || !ids.has(upToId)) return;
  session.run('UPDATE conversations SET summary = NULL, summary_up_to = NULL WHERE id = ?', conversationId);
}

function findRow(session: SqlSession, id: string): Row[] {
  const row = session.get('SELECT ordinal, id, text, state FROM messages WHERE id = ?', id);
  return row === undefined ? [] : [row];
}

/** Deletes messages from the index and the table; `isNoted` also from the backups, later. Returns how many there were. */
function deleteRows(
  session: SqlSession,
  read: () => readonly Row[],
  { isNoted }: { readonly isNoted: boolean } = { isNoted: false },
): number {
  let count = 0;
  session.transaction(() => {
    const rows = read();
    const ended = rows.filter((row) => row['state'] !== 'streaming');
    searchIndex.remove(
      session,
      ended.map((row) => ({ ordinal: Number(row['ordinal']), text: row['text'] as string })),
    );
    for (const row of rows) {
      session.run('DELETE FROM messages WHERE ordinal = ?', Number(row['ordinal']));
      if (isNoted)
        session.run(
          'INSERT OR IGNORE INTO backup_message_purges (message_id) VALUES (?)',
          row['id'] as string,
        );
    }
    count = rows.length;
  });
  return count;
}
