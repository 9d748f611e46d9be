import { AppError } from '../../contract/app-error.ts';
import type { Connection } from '../../contract/model/connection.ts';
import { MAX_EXPOSED_CONVERSATIONS, type KeyExposure } from '../../contract/model/key-exposure.ts';
import type { HistoryStore } from '../history/history-store.ts';

/** Where each provider's keys are revoked, by the origin of its API. */
const REVOKE_URLS: Readonly<Record<string, string>> = {
  'https://api.openai.com': 'https://platform.openai.com/api-keys',
  'https://openrouter.ai': 'https://openrouter.ai/settings/keys',
  'https://api.anthropic.com': 'https://console.anthropic.com/settings/keys',
  'https://api.groq.com': 'https://console.groq.com/keys',
  'https://api.x.ai': 'https://console.x.ai',
  'https://api.mistral.ai': 'https://console.mistral.ai/api-keys',
  'https://generativelanguage.googleapis.com': 'https://aistudio.google.com/app/apikey',
};

/** What Latchkey sent with a key. Throws `auth/missing-key`, `storage/*`. */
export async function describeExposure(
  connection: Connection,
  keyId: string,
  history: Pick<HistoryStore, 'listConversationsByKey'>,
): Promise<KeyExposure> {
  const key = connection.keys.find(({ id }) => id === keyId);
  if (key === undefined) throw new AppError('auth/missing-key', 'This connection has no such key.');
  const { origin, requestCount, createdAt, lastUsedAt } = key;
  const conversations = await history.listConversationsByKey(keyId, MAX_EXPOSED_CONVERSATIONS);
  const revokeUrl = revokeUrlOf(connection);
  return { origin, requestCount, createdAt, lastUsedAt, conversations: [...conversations], revokeUrl };
}

function revokeUrlOf({ provider, origin }: Connection): string | null {
  return provider === 'azure' ? 'https://portal.azure.com' : (REVOKE_URLS[origin] ?? null);
}
