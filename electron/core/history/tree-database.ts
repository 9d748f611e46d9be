import { AppError } from '../../contract/app-error.ts';
import type { BranchCopy, MessageRemoval } from './history-store.ts';
import { forksTo, growTree, messagesBelow, shownLeaf, type MessageTree } from './message-tree.ts';
import { PURGING, STANDING, toStored } from './rows.ts';
import { searchIndex } from './search/search-index.ts';
import type { SqlSession } from './sql-session.ts';

/** What a branch takes over from its conversation besides messages. */
const CARRIED =
  'connection_id, key_id, model, system_prompt, effort, verbosity, uses_web_search, makes_images';
/** What a copy of a message has of its own. Who was asked with which key stays with the original: a copy was never sent. */
const OWN_COLUMNS: ReadonlySet<string> = new Set([
  'ordinal',
  'id',
  'conversation_id',
  'parent_id',
  'connection_id',
  'key_id',
  'removed_at',
  'removed_with',
]);

interface MessageCopy {
  readonly to: string;
  readonly conversationId: string;
  readonly parentId: string | null;
  /** Names of the columns that are taken over. */
  readonly carried: string;
}

/**
 * The tree of messages in the database. What is shown is the path to `head_id`; whoever leaves a path writes its forks down, so
 * that coming back to any of its messages shows what was shown below it. A table of forks and not a column on every message: most
 * conversations have none, and a send then writes nothing for it.
 */
export class TreeDatabase {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  /** The standing messages of a conversation. */
  read(conversationId: string): MessageTree {
    // Not by `removed_at IS NULL`: that column lies behind the text, and a long text spans many pages.
    const nodes = this.#session.all(
      `SELECT id, parent_id FROM messages WHERE conversation_id = ? AND ${STANDING} ORDER BY ordinal`,
      conversationId,
    );
    const forks = this.#session.all(
      'SELECT parent_id, message_id FROM shown_variants WHERE conversation_id = ?',
      conversationId,
    );
    return growTree(
      nodes.map((row) => ({ id: row['id'] as string, parentId: row['parent_id'] as string | null })),
      new Map(
        forks.map((row) => [
          row['parent_id'] === '' ? null : String(row['parent_id']),
          String(row['message_id']),
        ]),
      ),
    );
  }

  /** Makes room for a message that is about to be stored below `parentId`. Inside the caller's transaction. */
  grow(conversationId: string, parentId: string | null): void {
    const head = this.#headOf(conversationId);
    if (head === parentId) return;
    const tree = this.#leave(conversationId);
    if (parentId !== null && !tree.parents.has(parentId)) throw notFound();
  }

  /** Shows the path through a message, with what was shown below it last. */
  show(conversationId: string, messageId: string): void {
    this.#session.transaction(() => {
      const tree = this.#leave(conversationId);
      if (!tree.parents.has(messageId)) throw notFound();
      this.#moveHead(conversationId, shownLeaf(tree, messageId));
    });
  }

  countBelow(messageId: string): number {
    return messagesBelow(this.read(this.#conversationOf(messageId)), messageId).length;
  }

  /** Marks a message and what is below it. Throws `chat/busy` while one of them is being answered. */
  remove(messageId: string, removedAt: number): MessageRemoval {
    const conversationId = this.#conversationOf(messageId);
    let count = 0;
    this.#session.transaction(() => {
      const tree = this.#leave(conversationId);
      const ids = messagesBelow(tree, messageId);
      if (ids.length === 0) throw notFound();
      for (const id of ids) this.#mark(id, messageId, removedAt);
      this.#moveHead(conversationId, shownLeaf(this.read(conversationId), null));
      count = ids.length;
    });
    return { conversationId, count };
  }

  /** Takes a removal back and shows what it had hidden. */
  restore(messageId: string): string {
    const row = this.#session.get(
      `SELECT conversation_id, parent_id FROM messages WHERE id = ? AND removed_with = id AND removed_at <> ${PURGING}`,
      messageId,
    );
    if (row === undefined) throw notFound();
    const conversationId = row['conversation_id'] as string;
    this.#session.transaction(() => {
      const tree = this.#leave(conversationId);
      const parentId = row['parent_id'] as string | null;
      // Below a message that was removed later there is no place for it.
      if (parentId !== null && !tree.parents.has(parentId)) throw notFound();
      this.#session.run(
        'UPDATE messages SET removed_at = NULL, removed_with = NULL WHERE removed_with = ? AND removed_at IS NOT NULL',
        messageId,
      );
      this.#moveHead(conversationId, shownLeaf(this.read(conversationId), messageId));
    });
    return conversationId;
  }

  /** Makes a conversation of its own out of a path. One transaction. */
  branch(branch: BranchCopy): void {
    const { sourceId, id, title, copies, createdAt } = branch;
    this.#session.transaction(() => {
      this.#session.run(
        `INSERT INTO conversations (id, title, title_source, created_at, updated_at, head_id, ${CARRIED})
         SELECT ?, ?, 'branch', ?, ?, ?, ${CARRIED} FROM conversations WHERE id = ?`,
        id,
        toStored(title),
        createdAt,
        createdAt,
        copies.at(-1)?.to ?? null,
        sourceId,
      );
      const carried = this.#carriedColumns();
      let parentId: string | null = null;
      for (const { from, to } of copies) {
        this.#copyMessage(from, { to, conversationId: id, parentId, carried });
        parentId = to;
      }
      this.#carrySummary(branch);
    });
  }

  /** Read from the database, so that a column of a later version is carried along too. */
  #carriedColumns(): string {
    return this.#session
      .all(`SELECT name FROM pragma_table_info('messages')`)
      .map((row) => String(row['name']))
      .filter((name) => !OWN_COLUMNS.has(name))
      .join(', ');
  }

  #copyMessage(from: string, copy: MessageCopy): void {
    const { to, conversationId, parentId, carried } = copy;
    const copied = this.#session.run(
      `INSERT INTO messages (id, conversation_id, parent_id, ${carried})
       SELECT ?, ?, ?, ${carried} FROM messages WHERE id = ? AND ${STANDING} AND state <> 'streaming'`,
      to,
      conversationId,
      parentId,
      from,
    );
    if (copied === 0) throw notFound();
    this.#session.run(
      `INSERT INTO message_attachments (message_id, position, attachment_id)
       SELECT ?, position, attachment_id FROM message_attachments WHERE message_id = ?`,
      to,
      from,
    );
    const row = this.#session.get('SELECT ordinal, text FROM messages WHERE id = ?', to);
    searchIndex.add(this.#session, [{ ordinal: Number(row?.['ordinal']), text: String(row?.['text']) }]);
  }

  /** What stands for the beginning of the source stands for that of the branch, if the branch has all of it. */
  #carrySummary({ sourceId, id, copies }: BranchCopy): void {
    const row = this.#session.get('SELECT summary, summary_up_to FROM conversations WHERE id = ?', sourceId);
    const upTo = copies.find(({ from }) => from === row?.['summary_up_to']);
    if (upTo === undefined) return;
    this.#session.run(
      'UPDATE conversations SET summary = ?, summary_up_to = ? WHERE id = ?',
      row?.['summary'] as string | null,
      upTo.to,
      id,
    );
  }

  #mark(id: string, removedWith: string, removedAt: number): void {
    const changed = this.#session.run(
      `UPDATE messages SET removed_at = ?, removed_with = ? WHERE id = ? AND state <> 'streaming'`,
      removedAt,
      removedWith,
      id,
    );
    if (changed === 0) throw new AppError('chat/busy', 'This message is still being answered.');
  }

  /** Writes down the forks of the shown path. */
  #leave(conversationId: string): MessageTree {
    const tree = this.read(conversationId);
    const shown = new Map(tree.shown);
    for (const { parentId, messageId } of forksTo(tree, this.#headOf(conversationId))) {
      if (shown.get(parentId) === messageId) continue;
      shown.set(parentId, messageId);
      this.#session.run(
        `INSERT INTO shown_variants (conversation_id, parent_id, message_id) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET message_id = excluded.message_id`,
        conversationId,
        parentId ?? '',
        messageId,
      );
    }
    return { ...tree, shown };
  }

  #moveHead(conversationId: string, headId: string | null): void {
    this.#session.run('UPDATE conversations SET head_id = ? WHERE id = ?', headId, conversationId);
  }

  #headOf(conversationId: string): string | null {
    const row = this.#session.get(
      'SELECT head_id FROM conversations WHERE id = ? AND removed_at IS NULL',
      conversationId,
    );
    if (row === undefined) throw notFound();
    return row['head_id'] as string | null;
  }

  #conversationOf(messageId: string): string {
    const row = this.#session.get('SELECT conversation_id FROM messages WHERE id = ?', messageId);
    if (row === undefined) throw notFound();
    return row['conversation_id'] as string;
  }
}

function notFound(): AppError {
  return new AppError('chat/not-found', 'This message is no longer here.');
}
