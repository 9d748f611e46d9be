import { AppError } from '../../contract/app-error.ts';
import { MAX_ATTACHMENTS, MAX_STORED_ATTACHMENTS, type Attachment } from '../../contract/model/attachment.ts';
import type { NewAttachment } from '../attachments/attachment-store.ts';
import { toStored, type Row } from './rows.ts';
import type { SqlSession } from './sql-session.ts';

const COLUMNS = 'a.id, a.kind, a.name, a.media_type, a.byte_count, a.hash, a.width, a.height';
const IS_UNLINKED = `
  id NOT IN (SELECT attachment_id FROM message_attachments) AND id NOT IN (SELECT attachment_id FROM draft_attachments)`;

/** The statements behind `AttachmentStore`; runs inside the worker. */
export class AttachmentDatabase {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  addToDraft(conversationId: string | null, attachment: NewAttachment): void {
    this.#session.transaction(() => {
      this.#insert(attachment);
      this.#appendToDraft(conversationId, attachment.id);
    });
  }

  addToMessage(messageId: string, attachment: NewAttachment): void {
    this.#session.transaction(() => {
      this.#insert(attachment);
      const sql =
        'SELECT count(*) AS count, coalesce(max(position) + 1, 0) AS next FROM message_attachments WHERE message_id = ?';
      const row = this.#session.get(sql, messageId);
      if (Number(row?.['count'] ?? 0) >= MAX_STORED_ATTACHMENTS) throw tooMany(MAX_STORED_ATTACHMENTS);
      this.link(messageId, attachment.id, Number(row?.['next'] ?? 0));
    });
  }

  listDraft(conversationId: string | null): Attachment[] {
    const sql = `
      SELECT ${COLUMNS} FROM draft_attachments d JOIN attachments a ON a.id = d.attachment_id
      WHERE d.conversation_id = ? ORDER BY d.position`;
    return this.#session.all(sql, conversationId ?? '').map(toAttachment);
  }

  removeFromDraft(conversationId: string | null, id: string): void {
    this.#session.run(
      'DELETE FROM draft_attachments WHERE conversation_id = ? AND attachment_id = ?',
      conversationId ?? '',
      id,
    );
  }

  restoreToDraft(conversationId: string | null, id: string): void {
    this.find(id);
    if (this.listDraft(conversationId).some((attachment) => attachment.id === id)) return;
    this.#session.transaction(() => this.#appendToDraft(conversationId, id));
  }

  find(id: string): Attachment {
    const row = this.#session.get(`SELECT ${COLUMNS} FROM attachments a WHERE a.id = ?`, id);
    if (row === undefined) throw new AppError('attachment/not-found', 'This file is no longer here.');
    return toAttachment(row);
  }

  listSendable(conversationId: string | null, ids: readonly string[]): Attachment[] {
    if (ids.length === 0) return [];
    const sql = `
      SELECT ${COLUMNS} FROM attachments a WHERE a.id IN (SELECT value FROM json_each(?1)) AND (
        EXISTS (SELECT 1 FROM draft_attachments d WHERE d.attachment_id = a.id AND d.conversation_id = ?2)
        OR EXISTS (SELECT 1 FROM message_attachments l JOIN messages m ON m.id = l.message_id
          WHERE l.attachment_id = a.id AND m.conversation_id = ?2))`;
    const found = this.#session.all(sql, JSON.stringify(ids), conversationId ?? '').map(toAttachment);
    const byId = new Map(found.map((attachment) => [attachment.id, attachment]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  listHashes(): string[] {
    return this.#session.all('SELECT DISTINCT hash FROM attachments').map((row) => row['hash'] as string);
  }

  purge(keptIds: readonly string[]): string[] {
    const unlinked = `${IS_UNLINKED} AND id NOT IN (SELECT value FROM json_each(?))`;
    const kept = JSON.stringify(keptIds);
    let hashes: string[] = [];
    this.#session.transaction(() => {
      hashes = this.#session
        .all(`SELECT DISTINCT hash FROM attachments WHERE ${unlinked}`, kept)
        .map((row) => row['hash'] as string);
      if (hashes.length > 0) this.#session.run(`DELETE FROM attachments WHERE ${unlinked}`, kept);
    });
    const left = new Set(hashes.length === 0 ? [] : this.listHashes());
    return hashes.filter((hash) => !left.has(hash));
  }

  /** Lets a message have a file. Inside the caller's transaction. */
  link(messageId: string, attachmentId: string, position: number): void {
    this.#session.run(
      'INSERT INTO message_attachments (message_id, position, attachment_id) VALUES (?, ?, ?)',
      messageId,
      position,
      attachmentId,
    );
  }

  /** A message was sent with its files: they leave the draft. Inside the caller's transaction. */
  sent(conversationId: string | null, messageId: string, attachments: readonly Attachment[]): void {
    for (const [position, { id }] of attachments.entries()) {
      this.link(messageId, id, position);
      this.removeFromDraft(conversationId, id);
    }
  }

  #appendToDraft(conversationId: string | null, id: string): void {
    const key = conversationId ?? '';
    const row = this.#session.get(
      'SELECT count(*) AS count, coalesce(max(position) + 1, 0) AS next FROM draft_attachments WHERE conversation_id = ?',
      key,
    );
    if (Number(row?.['count'] ?? 0) >= MAX_ATTACHMENTS) throw tooMany(MAX_ATTACHMENTS);
    this.#session.run(
      'INSERT INTO draft_attachments (conversation_id, position, attachment_id) VALUES (?, ?, ?)',
      key,
      Number(row?.['next'] ?? 0),
      id,
    );
  }

  #insert(attachment: NewAttachment): void {
    this.#session.run(
      `INSERT INTO attachments (id, kind, name, media_type, byte_count, hash, width, height, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      attachment.id,
      attachment.kind,
      toStored(attachment.name),
      attachment.mediaType,
      attachment.byteCount,
      attachment.hash,
      attachment.width,
      attachment.height,
      attachment.createdAt,
    );
  }
}

function tooMany(max: number): AppError {
  return new AppError('attachment/too-many', 'A message can have no more files.', { details: { max } });
}

function toAttachment(row: Row): Attachment {
  const size = (column: string): number | null => (row[column] === null ? null : Number(row[column]));
  return {
    id: row['id'] as string,
    kind: row['kind'] as Attachment['kind'],
    name: row['name'] as string,
    mediaType: row['media_type'] as string,
    byteCount: Number(row['byte_count']),
    hash: row['hash'] as string,
    width: size('width'),
    height: size('height'),
  };
}
