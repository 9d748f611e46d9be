import {
  wireErrorSchema,
  type ConversationSummary,
  type Message,
  type Usage,
} from '../../contract/model/conversation.ts';

/** A row as SQLite returns it. */
export type Row = Readonly<Record<string, unknown>>;

/** Columns of a conversation summary. */
export const SUMMARY_COLUMNS = 'id, title, connection_id, key_id, model, created_at, updated_at';

/** Columns of a message; a reply that is still streaming has the rest of its text in chunks. */
export const MESSAGE_COLUMNS = `
  m.id, m.conversation_id, m.parent_id, m.role, m.state, m.error, m.model, m.input_tokens, m.output_tokens,
  m.cached_input_tokens, m.cache_write_tokens, m.reasoning_tokens, m.created_at,
  CASE WHEN m.state = 'streaming' THEN m.text || coalesce(
    (SELECT group_concat(c.text, '' ORDER BY c.ordinal) FROM reply_chunks c WHERE c.message_id = m.id), '')
  ELSE m.text END AS text`;

/** Reads a summary. The database is ours: shapes are trusted, only JSON inside is parsed. */
export function toSummary(row: Row): ConversationSummary {
  return {
    id: row['id'] as string,
    title: row['title'] as string,
    connectionId: row['connection_id'] as string | null,
    keyId: row['key_id'] as string | null,
    model: row['model'] as string | null,
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
  };
}

/** Reads a message. */
export function toMessage(row: Row): Message {
  return {
    id: row['id'] as string,
    conversationId: row['conversation_id'] as string,
    parentId: row['parent_id'] as string | null,
    role: row['role'] as Message['role'],
    text: row['text'] as string,
    state: row['state'] as Message['state'],
    error: row['error'] === null ? null : wireErrorSchema.parse(JSON.parse(row['error'] as string)),
    model: row['model'] as string | null,
    usage: row['output_tokens'] === null ? null : toUsage(row),
    createdAt: Number(row['created_at']),
  };
}

function toUsage(row: Row): Usage {
  const part = (column: string): number | null => (row[column] === null ? null : Number(row[column]));
  const cached = part('cached_input_tokens');
  const written = part('cache_write_tokens');
  const reasoning = part('reasoning_tokens');
  return {
    inputTokens: Number(row['input_tokens']),
    outputTokens: Number(row['output_tokens']),
    ...(cached === null ? {} : { cachedInputTokens: cached }),
    ...(written === null ? {} : { cacheWriteTokens: written }),
    ...(reasoning === null ? {} : { reasoningTokens: reasoning }),
  };
}

/** SQLite's text functions stop at NUL, and UTF-8 has no lone surrogates: both get a visible stand-in on the way in. */
export function toStored(text: string): string {
  return text.replaceAll('\0', '\u2400').replace(/\p{Surrogate}/gu, '\ufffd');
}
