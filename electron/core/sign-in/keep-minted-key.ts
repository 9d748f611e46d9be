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

const LABEL = 'OpenRouter';

/**
 * Puts a minted key into the vault: for the connection an earlier sign-in made, whose former key is let go once the new one is
 * stored, or for a new connection. One that a person entered by hand is left alone. Throws `secret/*`, `storage/*`.
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
  const label = former?.label ?? LABEL;
  const keyId = await vault.save({ connectionId: id, label, origin, rawKey: minted.key });
  if (former === undefined) {
    try {
      connections.add({
        id,
        label,
        provider: 'openrouter',
        baseUrl,
        dialect: 'chat-completions',
        needsKey: true,
      });
    } catch (error) {
      vault.remove(keyId);
      throw error;
    }
  }
  connections.announce();
}
