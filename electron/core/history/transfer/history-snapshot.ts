import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { MAX_STORED_ATTACHMENTS, type Attachment } from '../../../contract/model/attachment.ts';
import { mapSqliteError } from '../map-sqlite-error.ts';
import { GENERATION_COLUMNS, MESSAGE_COLUMNS, STANDING, toGeneration, toMessage, type Row } from '../rows.ts';
import { MAX_CITATIONS, type TransferredHead, type TransferredMessage } from './transferred.ts';

/** How long a statement waits for the history's own connection. */
const BUSY_TIMEOUT_MS = 5_000;
/** Of a conversation that is there: one that was removed can only still be undone. */
const THERE = 'removed_at IS NULL';
const HEAD_COLUMNS = `id, title, title_source, model, created_at, updated_at, head_id, ${GENERATION_COLUMNS}`;

/** A conversation of a snapshot; its messages are read while they are asked for, once. */
export interface SnapshotConversation {
  readonly head: TransferredHead;
  readonly messages: () => Generator<TransferredMessage>;
}

/** The history as it was at one moment, read-only, on a connection of its own: chats go on meanwhile. Throws `storage/*`. */
export class HistorySnapshot {
  readonly #database: DatabaseSyncInstance;
  readonly #file: string;

  constructor(databaseFile: string) {
    this.#file = databaseFile;
    let database: DatabaseSyncInstance | null = null;
    try {
      database = new DatabaseSync(databaseFile, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
      database.exec('PRAGMA trusted_schema = OFF; BEGIN');
      // The first statement is the moment.
      database.prepare('SELECT count(*) FROM conversations').get();
      this.#database = database;
    } catch (error) {
      database?.close();
      throw mapSqliteError(error, databaseFile);
    }
  }

  /** How many conversations there are. */
  count(): number {
    return Number(this.#all(`SELECT count(*) AS count FROM conversations WHERE ${THERE}`)[0]?.['count'] ?? 0);
  }

  /** Hashes of the files of all messages, in order, or of those of one conversation. */
  hashes(conversationId: string | null = null): string[] {
    const sql = `SELECT DISTINCT a.hash FROM attachments a JOIN message_attachments l ON l.attachment_id = a.id
      JOIN messages m ON m.id = l.message_id JOIN conversations c ON c.id = m.conversation_id
      WHERE c.${THERE} AND m.${STANDING} AND (?1 IS NULL OR c.id = ?1) ORDER BY a.hash`;
    return this.#all(sql, conversationId).map((row) => row['hash'] as string);
  }

  /** All conversations by age, or one. */
  *conversations(id: string | null = null): Generator<SnapshotConversation> {
    const ids = this.#all(
      `SELECT id FROM conversations WHERE ${THERE} AND (?1 IS NULL OR id = ?1) ORDER BY created_at, id`,
      id,
    );
    for (const row of ids) {
      const conversation = this.find(row['id'] as string);
      if (conversation !== null) yield conversation;
    }
  }

  /** One conversation; null when there is none. */
  find(id: string): SnapshotConversation | null {
    const [row] = this.#all(`SELECT ${HEAD_COLUMNS} FROM conversations WHERE id = ? AND ${THERE}`, id);
    if (row === undefined) return null;
    const messages = this.#messageIds(id);
    const head = { ...toHead(row, messages), shownVariants: this.#shownVariants(id) };
    return { head, messages: () => this.#messages(id, messages) };
  }

  close(): void {
    this.#database.close();
  }

  /** Ids of what is there, in order of arrival. */
  #messageIds(conversationId: string): ReadonlySet<string> {
    const sql = `SELECT id FROM messages WHERE conversation_id = ? AND ${STANDING} ORDER BY ordinal`;
    return new Set(this.#all(sql, conversationId).map((row) => row['id'] as string));
  }

  /** Forks whose both ends are still there. */
  #shownVariants(conversationId: string): TransferredHead['shownVariants'] {
    const sql = `SELECT m.parent_id, m.id FROM shown_variants v JOIN messages m ON m.id = v.message_id
      WHERE v.conversation_id = ? AND m.conversation_id = v.conversation_id AND coalesce(m.parent_id, '') = v.parent_id AND m.${STANDING}
      ORDER BY v.parent_id`;
    return this.#all(sql, conversationId).map((row) => ({
      parentId: row['parent_id'] as string | null,
      messageId: row['id'] as string,
    }));
  }

  *#messages(conversationId: string, there: ReadonlySet<string>): Generator<TransferredMessage> {
    const written = new Set<string>();
    const statement = this.#guarded(() =>
      this.#database.prepare(
        `SELECT ${MESSAGE_COLUMNS} FROM messages m WHERE m.conversation_id = ? AND m.${STANDING} ORDER BY m.ordinal`,
      ),
    );
    const rows = this.#guarded(() => statement.iterate(conversationId));
    for (;;) {
      const step = this.#guarded(() => rows.next());
      if (step.done === true) return;
      const message = toTransferred(step.value as Row, written);
      if (!there.has(message.id)) continue;
      written.add(message.id);
      yield message;
    }
  }

  #all(sql: string, ...values: readonly (string | null)[]): Row[] {
    return this.#guarded(() => this.#database.prepare(sql).all(...values) as Row[]);
  }

  #guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw mapSqliteError(error, this.#file);
    }
  }
}

function toHead(row: Row, messages: ReadonlySet<string>): Omit<TransferredHead, 'shownVariants'> {
  const { generation, summary } = toGeneration(row);
  const headId = row['head_id'] as string | null;
  return {
    id: row['id'] as string,
    title: row['title'] as string,
    titleSource: row['title_source'] as string,
    model: row['model'] as string | null,
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
    generation,
    // What points at a deleted message says nothing any more.
    summary: summary !== null && messages.has(summary.upToMessageId) ? summary : null,
    headId: headId !== null && messages.has(headId) ? headId : ([...messages].at(-1) ?? null),
  };
}

/** As it would be found after a crash: a reply that is running is interrupted. */
function toTransferred(row: Row, written: ReadonlySet<string>): TransferredMessage {
  const message = toMessage(row);
  const { parentId, state } = message;
  return {
    id: message.id,
    parentId: parentId !== null && written.has(parentId) ? parentId : null,
    role: message.role,
    text: message.text,
    state: state === 'streaming' ? 'interrupted' : state,
    error: message.error?.code ?? null,
    model: message.model,
    usage: message.usage,
    createdAt: message.createdAt,
    reasoning: message.reasoning,
    // What is written can be read again: the same limits as coming in.
    citations: message.citations.slice(0, MAX_CITATIONS),
    toolName: message.toolName,
    omittedCount: message.omittedCount,
    attachments: message.attachments.slice(0, MAX_STORED_ATTACHMENTS).map(withoutId),
  };
}

function withoutId({ id: _id, ...attachment }: Attachment): Omit<Attachment, 'id'> {
  return attachment;
}
