import { z } from 'zod';
import { attachmentSchema } from '../../../contract/model/attachment.ts';
import {
  citationSchema,
  messageRoleSchema,
  messageStateSchema,
  wireErrorSchema,
} from '../../../contract/model/conversation.ts';
import { idSchema } from '../../../contract/model/ids.ts';
import { modelPriceSchema, purposeSchema } from '../../../contract/model/ledger.ts';
import type { Row } from '../rows.ts';

/** Makes a value that a column can take of one that may make no sense. */
type Mend = (value: unknown) => unknown;

const isText = (value: unknown): boolean => typeof value === 'string';
const isFlag = (value: unknown): boolean => value === 0 || value === 1;
const text = mendWith(isText, '');
const textOrNull = mendWith(isText, null);
const count = mendWith(isCount, 0);
const countOrNull = mendWith(isCount, null);
const idOrNull = mendWith(isId, null);
const flag = mendWith(isFlag, 0);
// -1: deleting it for good had begun.
const removedAt = mendWith((value) => isCount(value) || value === -1, null);

/**
 * What stands in the columns that a row can do without. A value that the table does not take would cost the whole row, and a
 * column that an older schema lacks is filled here where its default would be wrong.
 */
const MENDED: Readonly<Record<string, Readonly<Record<string, Mend>>>> = {
  conversations: {
    title: mendWith(isText, 'Recovered conversation'),
    // One that a person may have given is not replaced by a model's.
    title_source: mendWith(isText, 'person'),
    connection_id: textOrNull,
    key_id: textOrNull,
    model: textOrNull,
    head_id: idOrNull,
    created_at: count,
    removed_at: removedAt,
    system_prompt: text,
    effort: textOrNull,
    verbosity: textOrNull,
    uses_web_search: flag,
    makes_images: flag,
    summary: textOrNull,
    summary_up_to: textOrNull,
  },
  messages: {
    state: mendWith((value) => messageStateSchema.safeParse(value).success, 'interrupted'),
    error: mendWith((value) => isStored(wireErrorSchema, value), null),
    citations: mendWith((value) => isStored(z.array(citationSchema), value), null),
    parent_id: idOrNull,
    model: textOrNull,
    connection_id: textOrNull,
    key_id: textOrNull,
    input_tokens: countOrNull,
    output_tokens: countOrNull,
    cached_input_tokens: countOrNull,
    cache_write_tokens: countOrNull,
    reasoning_tokens: countOrNull,
    created_at: count,
    reasoning: text,
    tool_name: textOrNull,
    omitted_count: count,
    removed_at: removedAt,
    removed_with: idOrNull,
  },
  reply_chunks: { kind: mendWith((value) => value === 'text' || value === 'reasoning', 'text') },
  attachments: {
    name: mendWith((value) => attachmentSchema.shape.name.safeParse(value).success, 'file'),
    width: mendWith((value) => attachmentSchema.shape.width.safeParse(value).success, null),
    height: mendWith((value) => attachmentSchema.shape.height.safeParse(value).success, null),
    created_at: count,
  },
  ledger: {
    price: mendWith((value) => isStored(modelPriceSchema, value), null),
    purpose: mendWith((value) => purposeSchema.safeParse(value).success, 'answer'),
  },
};

/** The columns that {@link toSalvaged} fills even if the source has none of them. */
export function filledColumns(table: string): readonly string[] {
  return Object.keys(MENDED[table] ?? {});
}

/**
 * A row from a damaged database as it may enter a new one, or null when it makes no sense. Bytes can be wrong without SQLite
 * noticing, and the rest of the program trusts what the history says.
 */
export function toSalvaged(table: string, row: Row): Row | null {
  const mended = Object.entries(MENDED[table] ?? {}).map(([column, mend]) => [column, mend(row[column])]);
  const salvaged: Row = { ...row, ...Object.fromEntries(mended) };
  return isWhole(table, salvaged) ? salvaged : null;
}

function isWhole(table: string, row: Row): boolean {
  switch (table) {
    case 'conversations':
      return isId(row['id']) && isCount(row['updated_at']);
    case 'messages':
      return (
        isId(row['id']) &&
        isId(row['conversation_id']) &&
        messageRoleSchema.safeParse(row['role']).success &&
        isText(row['text'])
      );
    case 'ledger':
      return isWholeEntry(row);
    case 'attachments':
      return isAttachment(row);
    default:
      return true;
  }
}

function isAttachment(row: Row): boolean {
  const attachment = {
    id: row['id'],
    kind: row['kind'],
    name: row['name'],
    mediaType: row['media_type'],
    byteCount: row['byte_count'],
    hash: row['hash'],
    width: row['width'],
    height: row['height'],
  };
  return attachmentSchema.safeParse(attachment).success;
}

/** Of a row that was billed the sum matters most: a price that cannot be read is left out, a row without its sum is not. */
function isWholeEntry(row: Row): boolean {
  const ids = ['id', 'connection_id', 'conversation_id', 'message_id'];
  const counts = [
    'input_tokens',
    'cached_input_tokens',
    'cache_write_tokens',
    'output_tokens',
    'reasoning_tokens',
  ];
  return (
    ids.every((column) => isId(row[column])) &&
    (row['key_id'] === null || isId(row['key_id'])) &&
    z.iso.date().safeParse(row['day']).success &&
    isCount(row['at']) &&
    counts.every((column) => isCount(row[column])) &&
    (row['cost_micro_usd'] === null || isCount(row['cost_micro_usd']))
  );
}

function mendWith(isSane: (value: unknown) => boolean, fallback: string | number | null): Mend {
  return (value) => (isSane(value) ? value : fallback);
}

function isStored(schema: z.ZodType, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    return schema.safeParse(JSON.parse(value)).success;
  } catch {
    return false;
  }
}

function isId(value: unknown): boolean {
  return idSchema.safeParse(value).success;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
