import { z } from 'zod';
import { attachmentSchema } from '../../../contract/model/attachment.ts';
import {
  citationSchema,
  messageRoleSchema,
  messageStateSchema,
  wireErrorSchema,
} from '../../../contract/model/conversation.ts';
import { idSchema } from '../../../contract/model/ids.ts';
import { modelPriceSchema } from '../../../contract/model/ledger.ts';
import type { Row } from '../rows.ts';

/**
 * A row from a damaged database as it may enter a new one, or null when it makes no sense. Bytes can be wrong without SQLite
 * noticing, and the rest of the program trusts what the history says.
 */
export function toSalvaged(table: string, row: Row): Row | null {
  if (table === 'conversations') return isId(row['id']) && isCount(row['updated_at']) ? row : null;
  if (table === 'messages') return toSalvagedMessage(row);
  if (table === 'ledger') return toSalvagedEntry(row);
  if (table === 'attachments') return isAttachment(row) ? row : null;
  return row;
}

function toSalvagedMessage(row: Row): Row | null {
  const isWhole =
    isId(row['id']) &&
    isId(row['conversation_id']) &&
    messageRoleSchema.safeParse(row['role']).success &&
    typeof row['text'] === 'string';
  if (!isWhole) return null;
  return {
    ...row,
    state: messageStateSchema.safeParse(row['state']).success ? row['state'] : 'interrupted',
    error: isStored(wireErrorSchema, row['error']) ? row['error'] : null,
    citations: isStored(z.array(citationSchema), row['citations']) ? row['citations'] : null,
    parent_id: isId(row['parent_id']) ? row['parent_id'] : null,
    // -1: deleting it for good had begun.
    removed_at: isCount(row['removed_at']) || row['removed_at'] === -1 ? row['removed_at'] : null,
    removed_with: isId(row['removed_with']) ? row['removed_with'] : null,
  };
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
  return attachmentSchema.safeParse(attachment).success && isCount(row['created_at']);
}

/** Of a row that was billed the sum matters most: a price that cannot be read is left out, a row without its sum is not. */
function toSalvagedEntry(row: Row): Row | null {
  const ids = ['id', 'connection_id', 'conversation_id', 'message_id'];
  const counts = [
    'input_tokens',
    'cached_input_tokens',
    'cache_write_tokens',
    'output_tokens',
    'reasoning_tokens',
  ];
  const isWhole =
    ids.every((column) => isId(row[column])) &&
    (row['key_id'] === null || isId(row['key_id'])) &&
    z.iso.date().safeParse(row['day']).success &&
    isCount(row['at']) &&
    counts.every((column) => isCount(row[column])) &&
    (row['cost_micro_usd'] === null || isCount(row['cost_micro_usd']));
  return isWhole ? { ...row, price: isStored(modelPriceSchema, row['price']) ? row['price'] : null } : null;
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
