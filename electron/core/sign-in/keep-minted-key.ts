import type { ConnectionService } from '../connections/connection-service.ts';
import { parseBaseUrl } from '../connections/parse-base-url.ts';
import type { IdSource } from '../ports.ts';
import type { VaultService } from '../vault/vault-service.ts';

/** Where a minted key goes. */
export interface KeepDependencies {
  readonly vault: VaultService;
  readonly connections: ConnectionService;
  readonly ids: IdSource;
}

const CONNECTION_LABEL = 'OpenRouter';
/** By it a later sign-in finds the key it may replace. */
const KEY_LABEL = 'OpenRouter sign-in';

/**
 * Puts a minted key into the vault, and into use: in place of the one an earlier sign-in made, which is let go once the new one
 * is stored, or beside those a person entered by hand. Throws `secret/*`, `storage/*`.
 */
export async function keepMintedKey(
  minted: { readonly baseUrl: string; readonly key: string },
  { vault, connections, ids }: KeepDependencies,
): Promise<void> {
  const { baseUrl, origin } = parseBaseUrl(minted.baseUrl);
  const former = connections
    .list()
    .find((connection) => connection.provider === 'openrouter' && connection.baseUrl === baseUrl);
  const id = former?.id ?? ids.next();
  const replacedKeyId = former?.keys.find(({ label }) => label === KEY_LABEL)?.id ?? null;
  const keyId = await vault.save({
    connectionId: id,
    replacedKeyId,
    label: KEY_LABEL,
    origin,
    rawKey: minted.key,
  });
  if (former === undefined) addOpenRouter(id, keyId, baseUrl, { vault, connections });
  else connections.requireKey(id, keyId);
  connections.announce();
}

/** A key without a connection could never be seen or removed again. */
function addOpenRouter(
  id: string,
  keyId: string,
  baseUrl: string,
  { vault, connections }: Pick<KeepDependencies, 'vault' | 'connections'>,
): void {
  try {
    connections.add({
      id,
      label: CONNECTION_LABEL,
      provider: 'openrouter',
      baseUrl,
      dialect: 'chat-completions',
      needsKey: true,
    });
  } catch (error) {
    vault.remove(keyId);
    vault.forget(keyId);
    throw error;
  }
}
