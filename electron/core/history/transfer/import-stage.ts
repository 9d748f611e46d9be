import { createHash } from 'node:crypto';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { safeFileName } from '../../attachments/safe-file-name.ts';
import { mapSqliteError } from '../map-sqlite-error.ts';
import { toStored } from '../rows.ts';
import { SqlSession } from '../sql-session.ts';
import { deriveId } from './derive-id.ts';
import { HistorySnapshot } from './history-snapshot.ts';
import { messageToJson, type TransferredConversation, type TransferredMessage } from './transferred.ts';

/** What became of a conversation that was to be taken in. */
export type StageOutcome = 'staged' | 'already-here';

/** How long a statement waits for the history's own connection. */
const BUSY_TIMEOUT_MS = 5_000;
/** The tables of the stage have the columns of the history's own that an import fills. */
const TABLES = `
  CREATE TABLE conversations (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, title_source TEXT NOT NULL, model TEXT, head_id TEXT,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, system_prompt TEXT NOT NULL, effort TEXT, verbosity TEXT,
    uses_web_search INTEGER NOT NULL, makes_images INTEGER NOT NULL, summary TEXT, summary_up_to TEXT
  ) STRICT;
  CREATE TABLE messages (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation_id TEXT NOT NULL, parent_id TEXT, role TEXT NOT NULL,
    text TEXT NOT NULL, state TEXT NOT NULL, error TEXT, model TEXT, input_tokens INTEGER, output_tokens INTEGER,
    cached_input_tokens INTEGER, cache_write_tokens INTEGER, reasoning_tokens INTEGER, created_at INTEGER NOT NULL,
    reasoning TEXT NOT NULL, citations TEXT, tool_name TEXT, omitted_count INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE attachments (
    id TEXT PRIMARY KEY, message_id TEXT NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    media_type TEXT NOT NULL, byte_count INTEGER NOT NULL, hash TEXT NOT NULL, width INTEGER, height INTEGER,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE shown_variants (conversation_id TEXT NOT NULL, parent_id TEXT NOT NULL, message_id TEXT NOT NULL) STRICT;`;
const INSERT_CONVERSATION = insertInto(
  'conversations',
  `id, title, title_source, model, head_id, created_at, updated_at, system_prompt, effort, verbosity, uses_web_search,
   makes_images, summary, summary_up_to`,
);
const INSERT_MESSAGE = insertInto(
  'messages',
  `id, conversation_id, parent_id, role, text, state, error, model, input_tokens, output_tokens, cached_input_tokens,
   cache_write_tokens, reasoning_tokens, created_at, reasoning, citations, tool_name, omitted_count`,
);
const INSERT_ATTACHMENT = insertInto(
  'attachments',
  'id, message_id, position, kind, name, media_type, byte_count, hash, width, height, created_at',
);
const INSERT_VARIANT = insertInto('shown_variants', 'conversation_id, parent_id, message_id');

/**
 * A database of its own in which an import is put together, so that until it is whole nothing of it is in the history. Says of
 * each conversation whether it is there already; one whose id stands for something else comes in under other ids, always the same.
 */
export class ImportStage {
  readonly #database: DatabaseSyncInstance;
  readonly #session: SqlSession;
  readonly #history: DatabaseSyncInstance;
  readonly #snapshot: HistorySnapshot;
  readonly #file: string;

  /** `stageFile` must not be there yet. */
  constructor(stageFile: string, databaseFile: string) {
    this.#file = stageFile;
    let database: DatabaseSyncInstance | null = null;
    let history: DatabaseSyncInstance | null = null;
    try {
      database = new DatabaseSync(stageFile);
      // A stage that does not get to its end is thrown away: nothing in it has to outlive a crash.
      database.exec(
        `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA trusted_schema = OFF; BEGIN; ${TABLES}`,
      );
      history = new DatabaseSync(databaseFile, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
      history.exec('PRAGMA trusted_schema = OFF');
      this.#snapshot = new HistorySnapshot(databaseFile);
    } catch (error) {
      database?.close();
      history?.close();
      throw mapSqliteError(error, stageFile);
    }
    this.#database = database;
    this.#history = history;
    this.#session = new SqlSession(database, stageFile);
  }

  /**
   * Takes a conversation whose tree is right. `files`: whether their bytes are what the source had; pictures that were written
   * anew may come out a little different each time. Throws `storage/*`.
   */
  add(conversation: TransferredConversation, files: 'exact' | 'rewritten' = 'exact'): StageOutcome {
    const stored = asStored(conversation);
    const sign = files === 'exact' ? messageToJson : signWithoutBytes;
    if (this.#isHere(stored, sign)) return 'already-here';
    if (this.#areIdsFree(stored)) {
      this.#insert(stored);
      return 'staged';
    }
    // A copy of it may have been changed here or deleted since: then its ids are taken too, and the next ones are tried.
    for (let attempt = 0; ; attempt += 1) {
      const renamed = withDerivedIds(stored, sign, attempt);
      if (this.#isHere(renamed, sign) || this.#isStaged(renamed.id)) return 'already-here';
      if (!this.#areIdsFree(renamed)) continue;
      this.#insert(renamed);
      return 'staged';
    }
  }

  /** Writes what was added through to the file. No more can be added. */
  finish(): void {
    this.#session.exec('COMMIT');
  }

  close(): void {
    this.#snapshot.close();
    this.#history.close();
    this.#database.close();
  }

  /** Whether nothing of it is missing: the one that is here may have gone on since. */
  #isHere({ id, messages }: TransferredConversation, sign: Sign): boolean {
    const here = this.#snapshot.find(id);
    if (here === null) return false;
    const wanted = new Map(messages.map((message) => [message.id, message]));
    for (const message of here.messages()) {
      const same = wanted.get(message.id);
      if (same === undefined) continue;
      if (sign(same) !== sign(message)) return false;
      wanted.delete(message.id);
    }
    return wanted.size === 0;
  }

  #areIdsFree({ id, messages }: TransferredConversation): boolean {
    // What was deleted and may still be in a backup is deleted there by its id, later.
    const isTaken =
      this.#isStaged(id) ||
      this.#isInHistory('SELECT 1 FROM conversations WHERE id = ?', id) ||
      this.#isInHistory('SELECT 1 FROM backup_purges WHERE conversation_id = ?', id);
    return !isTaken && messages.every((message) => this.#isMessageIdFree(message.id));
  }

  #isMessageIdFree(id: string): boolean {
    return (
      this.#session.get('SELECT 1 FROM messages WHERE id = ?', id) === undefined &&
      !this.#isInHistory('SELECT 1 FROM messages WHERE id = ?', id) &&
      !this.#isInHistory('SELECT 1 FROM backup_message_purges WHERE message_id = ?', id)
    );
  }

  /** A branch may still have the file of a message that is gone. */
  #freeAttachmentId(messageId: string, position: number): string {
    for (let attempt = 0; ; attempt += 1) {
      const id = deriveId(
        'attachment',
        messageId,
        String(position),
        ...(attempt === 0 ? [] : [String(attempt)]),
      );
      if (!this.#isInHistory('SELECT 1 FROM attachments WHERE id = ?', id)) return id;
    }
  }

  #isStaged(id: string): boolean {
    return this.#session.get('SELECT 1 FROM conversations WHERE id = ?', id) !== undefined;
  }

  #isInHistory(sql: string, id: string): boolean {
    try {
      return this.#statement(sql).get(id) !== undefined;
    } catch (error) {
      throw mapSqliteError(error, this.#file);
    }
  }

  readonly #statements = new Map<string, ReturnType<DatabaseSyncInstance['prepare']>>();

  #statement(sql: string): ReturnType<DatabaseSyncInstance['prepare']> {
    const statement = this.#statements.get(sql) ?? this.#history.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #insert(conversation: TransferredConversation): void {
    const { generation, summary } = conversation;
    this.#session.run(
      INSERT_CONVERSATION,
      conversation.id,
      conversation.title,
      conversation.titleSource,
      conversation.model,
      conversation.headId,
      conversation.createdAt,
      conversation.updatedAt,
      generation.systemPrompt,
      generation.effort,
      generation.verbosity,
      Number(generation.usesWebSearch),
      Number(generation.makesImages),
      summary?.text ?? null,
      summary?.upToMessageId ?? null,
    );
    for (const message of conversation.messages) this.#insertMessage(conversation.id, message);
    for (const { parentId, messageId } of conversation.shownVariants)
      this.#session.run(INSERT_VARIANT, conversation.id, parentId ?? '', messageId);
  }

  #insertMessage(conversationId: string, message: TransferredMessage): void {
    const { usage, error, citations } = message;
    this.#session.run(
      INSERT_MESSAGE,
      message.id,
      conversationId,
      message.parentId,
      message.role,
      message.text,
      message.state,
      error === null ? null : JSON.stringify({ code: error, message: 'Imported.', details: {} }),
      message.model,
      usage?.inputTokens ?? null,
      usage?.outputTokens ?? null,
      usage?.cachedInputTokens ?? null,
      usage?.cacheWriteTokens ?? null,
      usage?.reasoningTokens ?? null,
      message.createdAt,
      message.reasoning,
      citations.length === 0 ? null : JSON.stringify(citations),
      message.toolName,
      message.omittedCount,
    );
    for (const [position, attachment] of message.attachments.entries()) {
      this.#session.run(
        INSERT_ATTACHMENT,
        this.#freeAttachmentId(message.id, position),
        message.id,
        position,
        attachment.kind,
        attachment.name,
        attachment.mediaType,
        attachment.byteCount,
        attachment.hash,
        attachment.width,
        attachment.height,
        message.createdAt,
      );
    }
  }
}

/** Text that is the same for messages that count as the same. */
type Sign = (message: TransferredMessage) => string;

function signWithoutBytes(message: TransferredMessage): string {
  const attachments = message.attachments.map((each) => ({
    ...each,
    mediaType: '',
    byteCount: 0,
    hash: '',
    width: null,
    height: null,
  }));
  return messageToJson({ ...message, attachments });
}

/** The same conversation under ids that its content decides: taken in a second time, it is recognised. */
function withDerivedIds(
  conversation: TransferredConversation,
  sign: Sign,
  attempt: number,
): TransferredConversation {
  const hash = createHash('sha256').update(conversation.id);
  for (const message of conversation.messages) hash.update(sign(message));
  if (attempt > 0) hash.update(String(attempt));
  const content = hash.digest('hex');
  const renamed = (id: string): string => deriveId('import', content, id);
  return {
    ...conversation,
    id: renamed(conversation.id),
    headId: conversation.headId === null ? null : renamed(conversation.headId),
    summary:
      conversation.summary === null
        ? null
        : { ...conversation.summary, upToMessageId: renamed(conversation.summary.upToMessageId) },
    shownVariants: conversation.shownVariants.map(({ parentId, messageId }) => ({
      parentId: parentId === null ? null : renamed(parentId),
      messageId: renamed(messageId),
    })),
    messages: conversation.messages.map((message) => ({
      ...message,
      id: renamed(message.id),
      parentId: message.parentId === null ? null : renamed(message.parentId),
    })),
  };
}

/** Texts as the history keeps them, so that what is compared is what would be read back. */
function asStored(conversation: TransferredConversation): TransferredConversation {
  const { generation, summary } = conversation;
  return {
    ...conversation,
    title: toStored(conversation.title),
    model: conversation.model === null ? null : toStored(conversation.model),
    generation: { ...generation, systemPrompt: toStored(generation.systemPrompt) },
    summary: summary === null ? null : { ...summary, text: toStored(summary.text) },
    messages: conversation.messages.map((message) => ({
      ...message,
      text: toStored(message.text),
      reasoning: toStored(message.reasoning),
      model: message.model === null ? null : toStored(message.model),
      toolName: message.toolName === null ? null : toStored(message.toolName),
      citations: message.citations.map((each) => ({
        ...each,
        url: toStored(each.url),
        title: toStored(each.title),
      })),
      attachments: message.attachments.map((each) => ({
        ...each,
        // Shown, and offered as a file's name where it is saved.
        name: safeFileName(each.name),
        mediaType: toStored(each.mediaType),
      })),
    })),
  };
}

function insertInto(table: string, columns: string): string {
  return `INSERT INTO ${table} (${columns}) VALUES (${columns
    .split(',')
    .map(() => '?')
    .join(', ')})`;
}
