import { z } from 'zod';
import { attachmentSchema } from '../../contract/model/attachment.ts';
import {
  citationSchema,
  wireErrorSchema,
  type ConversationDetail,
  type ConversationSummary,
  type Message,
  type Usage,
} from '../../contract/model/conversation.ts';
import { effortSchema, verbositySchema, type Generation } from '../../contract/model/generation.ts';
import { newChatSchema, type NewChat } from '../../contract/model/preset.ts';

/** A row as SQLite returns it. */
export type Row = Readonly<Record<string, unknown>>;

/** Stands in `removed_at` once deleting for good has begun: from then on there is no way back. */
export const PURGING = -1;

/** Stands in `removed_at` of a conversation while an import brings it: hidden like a removed one, due at no time. */
export const IMPORTING = Number.MAX_SAFE_INTEGER;

/** True of a message that is not removed; read from a small index, since `removed_at` itself lies behind the text. */
export const STANDING = 'ordinal NOT IN (SELECT ordinal FROM messages WHERE removed_at IS NOT NULL)';

/** Columns of a conversation summary. */
export const SUMMARY_COLUMNS = 'id, title, connection_id, key_id, model, created_at, updated_at';

/** Columns of how a conversation's answers are made, and of what stands for its beginning. */
export const GENERATION_COLUMNS =
  'system_prompt, effort, verbosity, uses_web_search, makes_images, summary, summary_up_to';

/** What the chunks of a message say, in the order in which they arrived. */
export function chunksOf(kind: 'text' | 'reasoning', messageId: string): string {
  return `coalesce((SELECT group_concat(c.text, '' ORDER BY c.ordinal) FROM reply_chunks c
    WHERE c.message_id = ${messageId} AND c.kind = '${kind}'), '')`;
}

/** Columns of a message; a reply that is still streaming has the rest of its text in chunks. */
export const MESSAGE_COLUMNS = `
  m.id, m.conversation_id, m.parent_id, m.role, m.state, m.error, m.model, m.input_tokens, m.output_tokens,
  m.cached_input_tokens, m.cache_write_tokens, m.reasoning_tokens, m.created_at, m.citations, m.tool_name, m.omitted_count,
  CASE WHEN m.state = 'streaming' THEN m.text || ${chunksOf('text', 'm.id')} ELSE m.text END AS text,
  CASE WHEN m.state = 'streaming' THEN m.reasoning || ${chunksOf('reasoning', 'm.id')} ELSE m.reasoning END AS reasoning,
  (SELECT json_group_array(json_object('id', a.id, 'kind', a.kind, 'name', a.name, 'mediaType', a.media_type,
      'byteCount', a.byte_count, 'hash', a.hash, 'width', a.width, 'height', a.height) ORDER BY l.position)
    FROM message_attachments l JOIN attachments a ON a.id = l.attachment_id WHERE l.message_id = m.id) AS attachments`;

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
    attachments: parseList(attachmentSchema, row['attachments']),
    reasoning: row['reasoning'] as string,
    citations: parseList(citationSchema, row['citations']),
    toolName: row['tool_name'] as string | null,
    omittedCount: Number(row['omitted_count']),
    state: row['state'] as Message['state'],
    error: row['error'] === null ? null : wireErrorSchema.parse(JSON.parse(row['error'] as string)),
    model: row['model'] as string | null,
    usage: row['output_tokens'] === null ? null : toUsage(row),
    createdAt: Number(row['created_at']),
  };
}

/** Reads how a conversation's answers are made. */
export function toGeneration(row: Row): Pick<ConversationDetail, 'generation' | 'summary'> {
  const summary = row['summary'] as string | null;
  const upToMessageId = row['summary_up_to'] as string | null;
  return {
    generation: {
      systemPrompt: row['system_prompt'] as string,
      // A word of a damaged row, or of a later version, is none of ours.
      effort: effortSchema.nullable().catch(null).parse(row['effort']),
      verbosity: verbositySchema.nullable().catch(null).parse(row['verbosity']),
      usesWebSearch: Number(row['uses_web_search']) === 1,
      makesImages: Number(row['makes_images']) === 1,
    },
    summary: summary === null || upToMessageId === null ? null : { text: summary, upToMessageId },
  };
}

/** What stands in the columns system_prompt, effort, verbosity, uses_web_search, makes_images. */
export function generationValues(generation: Generation): readonly (string | number | null)[] {
  const { systemPrompt, effort, verbosity, usesWebSearch, makesImages } = generation;
  return [toStored(systemPrompt), effort, verbosity, Number(usesWebSearch), Number(makesImages)];
}

/** Reads the choice for a new chat. One of a later version is as good as none. */
export function toNewChat(stored: string): NewChat | null {
  try {
    return newChatSchema.nullable().catch(null).parse(JSON.parse(stored));
  } catch {
    // A damaged row: the defaults hold.
    return null;
  }
}

function parseList<T>(schema: z.ZodType<T>, stored: unknown): T[] {
  return stored === null || stored === '[]' ? [] : z.array(schema).parse(JSON.parse(stored as string));
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
