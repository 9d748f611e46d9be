import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { AppError } from '../../contract/app-error.ts';
import type {
  Citation,
  ConversationDetail,
  ConversationSummary,
  Message,
} from '../../contract/model/conversation.ts';
import type { Generation } from '../../contract/model/generation.ts';
import type { NewChat } from '../../contract/model/preset.ts';
import type { SearchRequest, SearchResult } from '../../contract/model/search.ts';
import type { StartReport } from './history-files.ts';
import type {
  BranchCopy,
  ChunkKind,
  KeyedConversation,
  MessageRemoval,
  ModelChoice,
  NewConversation,
  ReplyEnd,
  ReplyStart,
} from './history-store.ts';
import { AttachmentDatabase } from './attachment-database.ts';
import { bringInLog } from './empty-log.ts';
import { LedgerDatabase } from './ledger-database.ts';
import { openDatabase, type OpenOptions } from './open-database.ts';
import { purgeRemoved } from './purge-removed.ts';
import {
  chunksOf,
  generationValues,
  GENERATION_COLUMNS,
  IMPORTING,
  MESSAGE_COLUMNS,
  PURGING,
  STANDING,
  SUMMARY_COLUMNS,
  toGeneration,
  toMessage,
  toNewChat,
  toStored,
  toSummary,
  type Row,
} from './rows.ts';
import { parseSearchQuery } from './search/parse-search-query.ts';
import { searchIndex, type IndexedMessage } from './search/search-index.ts';
import { findRanked, readHits, type RankedHits } from './search/search-messages.ts';
import { SqlSession, type SqlValue } from './sql-session.ts';
import { TreeDatabase } from './tree-database.ts';
import { dropUnfinishedImport, mergeStage, type MergeCounts } from './transfer/merge-stage.ts';

/** Most sources of one message, however often it was continued. */
const MAX_CITATIONS = 300;

/**
 * The statements behind `HistoryStore`; runs inside the worker. Methods are synchronous, but for generators: the worker
 * runs those in steps and answers other calls in between.
 */
export class HistoryDatabase {
  /** The ledger, in the same database. */
  readonly ledger: LedgerDatabase;
  /** What is known of files, in the same database. */
  readonly attachments: AttachmentDatabase;
  readonly #database: DatabaseSyncInstance;
  readonly #report: StartReport;
  readonly #session: SqlSession;
  readonly #tree: TreeDatabase;
  #searchCount = 0;
  #isImportStopped = false;
  #lastSearch: { readonly key: string; readonly ranked: RankedHits } | null = null;

  constructor(options: OpenOptions) {
    const { database, report } = openDatabase(options);
    this.#database = database;
    this.#report = report;
    this.#session = new SqlSession(database, options.databaseFile);
    this.ledger = new LedgerDatabase(this.#session);
    this.attachments = new AttachmentDatabase(this.#session);
    this.#tree = new TreeDatabase(this.#session);
  }

  startReport(): StartReport {
    return this.#report;
  }

  listConversations(): ConversationSummary[] {
    const sql = `SELECT ${SUMMARY_COLUMNS} FROM conversations WHERE removed_at IS NULL ORDER BY updated_at DESC, rowid DESC`;
    return this.#all(sql).map(toSummary);
  }

  findConversation(id: string): ConversationSummary | null {
    const row = this.#get(
      `SELECT ${SUMMARY_COLUMNS} FROM conversations WHERE id = ? AND removed_at IS NULL`,
      id,
    );
    return row === undefined ? null : toSummary(row);
  }

  openConversation(id: string): ConversationDetail {
    const conversation = this.#summary(id);
    const row = this.#get(`SELECT head_id, ${GENERATION_COLUMNS} FROM conversations WHERE id = ?`, id) ?? {};
    const headId = row['head_id'] as string | null;
    const path = headId === null ? [] : this.pathTo(headId);
    const { children } = this.#tree.read(id);
    return {
      conversation,
      ...toGeneration(row),
      messages: path.map((message) => ({
        ...message,
        variantIds: [...(children.get(message.parentId) ?? [message.id])],
      })),
    };
  }

  findMessage(id: string): Message | null {
    const row = this.#get(`SELECT ${MESSAGE_COLUMNS} FROM messages m WHERE m.id = ? AND ${STANDING}`, id);
    return row === undefined ? null : toMessage(row);
  }

  readGeneration(id: string): Pick<ConversationDetail, 'generation' | 'summary'> {
    const row = this.#get(
      `SELECT ${GENERATION_COLUMNS} FROM conversations WHERE id = ? AND removed_at IS NULL`,
      id,
    );
    if (row === undefined) throw notFound();
    return toGeneration(row);
  }

  pathTo(messageId: string): Message[] {
    const sql = `
      WITH RECURSIVE path (id, parent_id, depth) AS (
        SELECT id, parent_id, 0 FROM messages WHERE id = ? AND ${STANDING}
        UNION ALL
        SELECT p.id, p.parent_id, path.depth + 1 FROM messages p JOIN path ON p.id = path.parent_id
      )
      SELECT ${MESSAGE_COLUMNS} FROM path JOIN messages m ON m.id = path.id ORDER BY path.depth DESC`;
    return this.#all(sql, messageId).map(toMessage);
  }

  renameConversation(id: string, title: string): ConversationSummary {
    this.#run(
      `UPDATE conversations SET title = ?, title_source = 'person' WHERE id = ?`,
      toStored(title),
      id,
    );
    return this.#summary(id);
  }

  isUntitled(id: string): boolean {
    const sql = `SELECT 1 FROM conversations WHERE id = ? AND title_source = 'first-message' AND removed_at IS NULL`;
    return this.#get(sql, id) !== undefined;
  }

  nameConversation(id: string, title: string): boolean {
    const sql = `UPDATE conversations SET title = ?, title_source = 'model'
      WHERE id = ? AND title_source = 'first-message' AND removed_at IS NULL`;
    return this.#run(sql, toStored(title), id) > 0;
  }

  writeSummary(id: string, summary: ConversationDetail['summary']): void {
    const upToId = summary?.upToMessageId ?? null;
    if (upToId !== null && this.findMessage(upToId)?.conversationId !== id) throw notFound();
    const changed = this.#run(
      'UPDATE conversations SET summary = ?, summary_up_to = ? WHERE id = ? AND removed_at IS NULL',
      summary === null ? null : toStored(summary.text),
      upToId,
      id,
    );
    if (changed === 0) throw notFound();
  }

  chooseModel(id: string, choice: ModelChoice): ConversationSummary {
    this.#run(
      'UPDATE conversations SET connection_id = ?, key_id = ?, model = ? WHERE id = ?',
      choice.connectionId,
      choice.keyId,
      choice.model,
      id,
    );
    return this.#summary(id);
  }

  setGeneration(id: string, generation: Generation): Generation {
    this.#run(
      `UPDATE conversations SET system_prompt = ?, effort = ?, verbosity = ?, uses_web_search = ?, makes_images = ?
       WHERE id = ? AND removed_at IS NULL`,
      ...generationValues(generation),
      id,
    );
    return this.readGeneration(id).generation;
  }

  listConversationsByKey(keyId: string, limit: number): KeyedConversation[] {
    const sql = `
      SELECT c.id, c.title, count(*) AS answers FROM messages m JOIN conversations c ON c.id = m.conversation_id
      WHERE m.key_id = ? AND m.${STANDING} AND c.removed_at IS NULL GROUP BY c.id ORDER BY c.updated_at DESC LIMIT ?`;
    return this.#all(sql, keyId, limit).map((row) => ({
      id: row['id'] as string,
      title: row['title'] as string,
      answerCount: Number(row['answers']),
    }));
  }

  removeConversation(id: string, removedAt: number): void {
    this.#summary(id);
    this.#run('UPDATE conversations SET removed_at = ? WHERE id = ?', removedAt, id);
  }

  restoreConversation(id: string): ConversationSummary {
    this.#run(
      'UPDATE conversations SET removed_at = NULL WHERE id = ? AND removed_at NOT IN (?, ?)',
      id,
      PURGING,
      IMPORTING,
    );
    return this.#summary(id);
  }

  purgeRemoved(removedBefore: number): Generator<void, number> {
    return purgeRemoved(this.#session, removedBefore);
  }

  showVariant(id: string, messageId: string): ConversationDetail {
    this.#tree.show(id, messageId);
    return this.openConversation(id);
  }

  countBelow(messageId: string): number {
    return this.#tree.countBelow(messageId);
  }

  removeMessage(messageId: string, removedAt: number): MessageRemoval {
    return this.#tree.remove(messageId, removedAt);
  }

  restoreMessage(messageId: string): ConversationDetail {
    return this.openConversation(this.#tree.restore(messageId));
  }

  branchConversation(branch: BranchCopy): ConversationSummary {
    this.#tree.branch(branch);
    return this.#summary(branch.id);
  }

  startReply(start: ReplyStart): void {
    const { newConversation, userMessage, assistantMessage, choice, asked } = start;
    this.#transaction(() => {
      const first = userMessage ?? assistantMessage;
      if (newConversation !== null) this.#insertConversation(newConversation);
      else this.#tree.grow(first.conversationId, first.parentId);
      if (userMessage !== null) {
        this.#insertMessage(userMessage);
        this.#index(userMessage.id);
        const draftOf = newConversation === null ? userMessage.conversationId : null;
        this.attachments.sent(draftOf, userMessage.id, userMessage.attachments);
      }
      this.#insertMessage(assistantMessage);
      this.#noteAsked(assistantMessage.id, asked);
      this.#run(
        'UPDATE conversations SET head_id = ?, connection_id = ?, key_id = ?, model = ?, updated_at = ? WHERE id = ?',
        assistantMessage.id,
        choice.connectionId,
        choice.keyId,
        choice.model,
        assistantMessage.createdAt,
        assistantMessage.conversationId,
      );
    });
  }

  resumeReply(messageId: string, asked: ReplyStart['asked'], omittedCount?: number): void {
    this.#transaction(() => {
      searchIndex.remove(this.#session, this.#ended(messageId));
      const changed = this.#run(
        `UPDATE messages SET state = 'streaming', error = NULL, omitted_count = coalesce(?, omitted_count)
         WHERE id = ? AND ${STANDING}`,
        omittedCount ?? null,
        messageId,
      );
      if (changed === 0) throw notFound();
      this.#noteAsked(messageId, asked);
    });
  }

  appendChunk(messageId: string, text: string, kind: ChunkKind = 'text'): void {
    // NORMAL: a chunk survives a crash of the app but may not survive power loss; an fsync each would cost far more than it keeps.
    this.#withSynchronous('NORMAL', () =>
      this.#run(
        'INSERT INTO reply_chunks (message_id, text, kind) VALUES (?, ?, ?)',
        messageId,
        toStored(text),
        kind,
      ),
    );
  }

  endReply(end: ReplyEnd): void {
    this.#transaction(() => {
      // Saved once before (a retry after an error, say), it is in the index already.
      searchIndex.remove(this.#session, this.#ended(end.messageId));
      this.#collapse(end.messageId);
      const changed = this.#run(
        `UPDATE messages SET state = ?, error = ?, input_tokens = ?, output_tokens = ?,
           cached_input_tokens = ?, cache_write_tokens = ?, reasoning_tokens = ? WHERE id = ?`,
        end.state,
        end.error === null ? null : JSON.stringify(end.error),
        end.usage?.inputTokens ?? null,
        end.usage?.outputTokens ?? null,
        end.usage?.cachedInputTokens ?? null,
        end.usage?.cacheWriteTokens ?? null,
        end.usage?.reasoningTokens ?? null,
        end.messageId,
      );
      if (changed === 0) throw notFound();
      this.#addCitations(end.messageId, end.citations ?? []);
      this.#index(end.messageId);
      this.#run(
        'UPDATE conversations SET updated_at = ? WHERE id = (SELECT conversation_id FROM messages WHERE id = ?)',
        end.endedAt,
        end.messageId,
      );
    });
    bringInLog(this.#session);
  }

  interruptUnfinished(): number {
    dropUnfinishedImport(this.#session);
    const ids = this.#all(`SELECT id FROM messages WHERE state = 'streaming'`).map(
      (row) => row['id'] as string,
    );
    if (ids.length === 0) return 0;
    this.#transaction(() => {
      for (const id of ids) {
        this.#collapse(id);
        this.#run(`UPDATE messages SET state = 'interrupted' WHERE id = ?`, id);
        this.#index(id);
      }
    });
    return ids.length;
  }

  readDraft(conversationId: string | null): string {
    const row = this.#get('SELECT text FROM drafts WHERE conversation_id = ?', conversationId ?? '');
    return (row?.['text'] as string | undefined) ?? '';
  }

  writeDraft(conversationId: string | null, text: string): void {
    const id = conversationId ?? '';
    this.#withSynchronous('NORMAL', () =>
      text === ''
        ? this.#run('DELETE FROM drafts WHERE conversation_id = ?', id)
        : this.#run(
            'INSERT INTO drafts (conversation_id, text) VALUES (?, ?) ON CONFLICT DO UPDATE SET text = excluded.text',
            id,
            toStored(text),
          ),
    );
  }

  readNewChat(): NewChat | null {
    const stored = this.#get('SELECT choice FROM new_chat WHERE id = 1')?.['choice'];
    return typeof stored === 'string' ? toNewChat(stored) : null;
  }

  writeNewChat(choice: NewChat | null): void {
    this.#withSynchronous('NORMAL', () =>
      choice === null
        ? this.#run('DELETE FROM new_chat')
        : this.#run(
            'INSERT INTO new_chat (id, choice) VALUES (1, ?) ON CONFLICT DO UPDATE SET choice = excluded.choice',
            toStored(JSON.stringify(choice)),
          ),
    );
  }

  forgetConnection(connectionId: string): void {
    this.#run(
      'UPDATE conversations SET connection_id = NULL, key_id = NULL WHERE connection_id = ?',
      connectionId,
    );
  }

  *search(request: SearchRequest): Generator<void, SearchResult> {
    this.#searchCount += 1;
    const number = this.#searchCount;
    const isIndexComplete = searchIndex.isComplete(this.#session);
    const nothing = { hits: [], total: 0, isTotalCapped: false, isIndexComplete, isSuperseded: false };
    const plan = parseSearchQuery(request.query);
    if (plan === null) return nothing;
    const { offset, limit, ...question } = request;
    const key = JSON.stringify(question);
    // A further page shows more of the same list, whatever was written since.
    let ranked = offset > 0 && this.#lastSearch?.key === key ? this.#lastSearch.ranked : null;
    if (ranked === null) {
      const steps = findRanked(this.#session, plan, request);
      let step = steps.next();
      while (step.done !== true) {
        yield;
        if (number !== this.#searchCount) return { ...nothing, isSuperseded: true };
        step = steps.next();
      }
      ranked = step.value;
      this.#lastSearch = { key, ranked };
    }
    const hits = readHits(this.#session, plan, ranked.ordinals.slice(offset, offset + limit));
    return { ...nothing, hits, total: ranked.ordinals.length, isTotalCapped: ranked.isCapped };
  }

  *mergeImport(stageFile: string): Generator<void, MergeCounts | null> {
    this.#isImportStopped = false;
    return yield* mergeStage(this.#session, stageFile, () => this.#isImportStopped);
  }

  stopImport(): void {
    this.#isImportStopped = true;
  }

  /** Goes on with the index of messages that were there before it, or that an import brought. Returns whether there is more to do. */
  advanceIndex(): boolean {
    if (searchIndex.isComplete(this.#session)) return false;
    let isMore = false;
    // NORMAL: what a crash takes back is simply done again.
    this.#withSynchronous('NORMAL', () =>
      this.#transaction(() => {
        isMore = searchIndex.advance(this.#session);
      }),
    );
    return isMore;
  }

  close(): void {
    this.#session.guarded(() => {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      this.#database.close();
    });
  }

  /** A message whose reply has ended, as the index knows it; none for one that is running. */
  #ended(messageId: string): IndexedMessage[] {
    const sql = `SELECT ordinal, text FROM messages WHERE id = ? AND state <> 'streaming'`;
    return this.#all(sql, messageId).map(toIndexed);
  }

  #index(messageId: string): void {
    searchIndex.add(this.#session, this.#ended(messageId));
  }

  #summary(id: string): ConversationSummary {
    const summary = this.findConversation(id);
    if (summary === null) throw notFound();
    return summary;
  }

  #insertConversation(conversation: NewConversation): void {
    const { generation } = conversation;
    this.#run(
      `INSERT INTO conversations (${SUMMARY_COLUMNS}, system_prompt, effort, verbosity, uses_web_search, makes_images)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      conversation.id,
      toStored(conversation.title),
      conversation.connectionId,
      conversation.keyId,
      conversation.model,
      conversation.createdAt,
      conversation.updatedAt,
      ...generationValues(generation),
    );
  }

  #insertMessage(message: Message): void {
    this.#run(
      `INSERT INTO messages (id, conversation_id, parent_id, role, text, state, model, created_at, omitted_count)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      message.id,
      message.conversationId,
      message.parentId,
      message.role,
      toStored(message.text),
      message.state,
      message.model,
      message.createdAt,
      message.omittedCount,
    );
  }

  #addCitations(messageId: string, citations: readonly Citation[]): void {
    if (citations.length === 0) return;
    const former = this.findMessage(messageId)?.citations ?? [];
    const all = [...former, ...citations].slice(0, MAX_CITATIONS);
    this.#run('UPDATE messages SET citations = ? WHERE id = ?', JSON.stringify(all), messageId);
  }

  #noteAsked(messageId: string, { connectionId, keyId }: ReplyStart['asked']): void {
    this.#run(
      'UPDATE messages SET connection_id = ?, key_id = ? WHERE id = ?',
      connectionId,
      keyId,
      messageId,
    );
  }

  #collapse(messageId: string): void {
    this.#run(
      `UPDATE messages SET text = text || ${chunksOf('text', 'messages.id')},
         reasoning = reasoning || ${chunksOf('reasoning', 'messages.id')} WHERE id = ?`,
      messageId,
    );
    this.#run('DELETE FROM reply_chunks WHERE message_id = ?', messageId);
  }

  #withSynchronous(level: 'NORMAL', action: () => void): void {
    this.#session.withSynchronous(level, action);
  }

  #transaction(action: () => void): void {
    this.#session.transaction(action);
  }

  #run(sql: string, ...values: SqlValue[]): number {
    return this.#session.run(sql, ...values);
  }

  #get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#session.get(sql, ...values);
  }

  #all(sql: string, ...values: SqlValue[]): Row[] {
    return this.#session.all(sql, ...values);
  }
}

function toIndexed(row: Row): IndexedMessage {
  return { ordinal: Number(row['ordinal']), text: row['text'] as string };
}

function notFound(): AppError {
  return new AppError('chat/not-found', 'This conversation is no longer here.');
}
