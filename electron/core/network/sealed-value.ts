import type { KeyState, KeyStatus } from '../../contract/model/connection.ts';
import type { VaultService } from '../vault/vault-service.ts';

/** The vault's owner of the proxy login: no connection ever has this id. */
export const PROXY_OWNER_ID = '00000000-0000-4000-8000-00000070726f';
/** The vault's owner of the seal on the added certificates. */
export const CERTIFICATES_OWNER_ID = '00000000-0000-4000-8000-000000636572';

/** How a sealed value stands. Nothing of it can be told from this. */
export interface SealedStatus {
  /** What it is bound to. */
  readonly boundTo: string;
  readonly state: KeyState;
  readonly restsIn: string;
}

/** One small secret of the network settings, kept by the vault like a key: encrypted, bound, never returned over IPC. */
export interface SealedValue {
  /** Replaces the former value once the new one is safely down. `value` is visible ASCII without spaces. */
  save(boundTo: string, value: string): Promise<void>;
  /** null when there is none for that binding. Throws `secret/*` when there is one that cannot be read. */
  read(boundTo: string): Promise<string | null>;
  status(): SealedStatus | null;
  remove(): void;
}

/**
 * The last field of every value: the vault shows the last four characters of what it keeps, and these tell nothing. Shorter than
 * what the redactor takes for a piece of a secret.
 */
const TAIL = ':sealed';

/** The only place that uses the vault for something that is not a key. */
export function createSealedValue(vault: VaultService, ownerId: string, label: string): SealedValue {
  // The latest: one that could not be replaced while the keystore was locked stands before it.
  const idOf = (): string | null => vault.keyIdsFor(ownerId).at(-1) ?? null;
  const statusOf = (): KeyStatus | null => {
    const kept = vault.statusesFor(ownerId, '').at(-1);
    return kept === undefined ? null : (vault.statusesFor(ownerId, kept.origin).at(-1) ?? null);
  };
  return {
    async save(boundTo, value) {
      const replacedKeyId = idOf();
      const rawKey = value + TAIL;
      await vault.save({
        connectionId: ownerId,
        replacedKeyId,
        label,
        origin: boundTo,
        rawKey,
        isNetworkSetting: true,
      });
    },
    async read(boundTo) {
      const id = idOf();
      if (id === null || statusOf()?.origin !== boundTo) return null;
      return (await vault.useKey(id, boundTo)).slice(0, -TAIL.length);
    },
    status() {
      const status = statusOf();
      return status === null
        ? null
        : { boundTo: status.origin, state: status.state, restsIn: status.restsIn };
    },
    remove() {
      for (const id of vault.keyIdsFor(ownerId)) {
        vault.remove(id);
        vault.forget(id);
      }
    },
  };
}
