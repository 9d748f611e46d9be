import { messageStateSchema, wireErrorSchema } from '../../../contract/model/conversation.ts';
import { idSchema } from '../../../contract/model/ids.ts';
import type { Row } from '../rows.ts';

/**
 * A row from a damaged database as it may enter a new one, or null when it makes no sense. Bytes can be wrong without SQLite
 * noticing, and the rest of the program trusts what the history says.
 */
export function toSalvaged(table: string, row: Row): Row | null {
  if (table === 'conversations') return isId(row['id']) && isTime(row['updated_at']) ? row : null;
  if (table === 'messages') return toSalvagedMessage(row);
  return row;
}

function toSalvagedMessage(row: Row): Row | null {
  const isWhole =
    isId(row['id']) &&
    isId(row['conversation_id']) &&
    ['user', 'assistant'].includes(String(row['role'])) &&
    typeof row['text'] === 'string';
  if (!isWhole) return null;
  return {
    ...row,
    state: messageStateSchema.safeParse(row['state']).success ? row['state'] : 'interrupted',
    error: isStoredError(row['error']) ? row['error'] : null,
    parent_id: isId(row['parent_id']) ? row['parent_id'] : null,
  };
}

function isStoredError(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    return wireErrorSchema.safeParse(JSON.parse(value)).success;
  } catch {
    return false;
  }
}

function isId(value: unknown): boolean {
  return idSchema.safeParse(value).success;
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
