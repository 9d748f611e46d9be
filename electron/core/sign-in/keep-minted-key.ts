import type { Connection } from '../../contract/model/connection.ts';
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
 * Before a key is minted: it could be kept, and used. Throws `policy/*`, and `connection/development-runtime`. Where the
 * organisation requires a keystore, a locked one is asked.
 */
export async function assertMayKeep(
  rawBaseUrl: string,
  { vault, connections }: Pick<KeepDependencies, 'vault' | 'connections'>,
): Promise<void> {
  const url = parseBaseUrl(rawBaseUrl);
  const former = findOpenRouter(connections, url.baseUrl);
  if (former === undefined) connections.assertMayAdd(url.origin);
  else connections.assertUsable(former);
  connections.assertKeyAllowedFor(url);
  await vault.assertKeepsNow();
}

/**
 * Puts a minted key into the vault, and into use: in place of the one an earlier sign-in made, which is let go once the new one
 * is stored, or beside those a person entered by hand. Throws `secret/*`, `storage/*`, `policy/*`.
 */
export async function keepMintedKey(
  minted: { readonly baseUrl: string; readonly key: string },
  { vault, connections, ids }: KeepDependencies,
): Promise<void> {
  const { baseUrl, origin } = parseBaseUrl(minted.baseUrl);
  const former = findOpenRouter(connections, baseUrl);
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

/** One that the organisation set up comes first. */
function findOpenRouter(connections: ConnectionService, baseUrl: string): Connection | undefined {
  return connections
    .list()
    .find((connection) => connection.provider === 'openrouter' && connection.baseUrl === baseUrl);
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
