import { AppError } from '../../contract/app-error.ts';
import type { KeyState, KeyStatus, KeystoreStatus } from '../../contract/model/connection.ts';
import type { Clock, DecryptFailure, DocumentStore, IdSource, Logger, SecretCipher } from '../ports.ts';
import type { Redactor } from '../redaction/redactor.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import { salvageEntries } from '../documents/salvage-entries.ts';
import { lastFour, parseKey } from './parse-key.ts';
import { openSealedKey, sealKey } from './sealed-key.ts';
import { storedKeySchema, vaultDocumentSchema, type StoredKey } from './vault-document.ts';

/** What the vault is built from. */
export interface VaultDependencies {
  readonly cipher: SecretCipher;
  readonly file: DocumentStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly redactor: Redactor;
  readonly notices: NoticeBoard;
  readonly logger: Logger;
}

/** A key to keep. */
export interface NewKey {
  readonly connectionId: string;
  readonly label: string;
  /** The only origin it may ever be sent to. */
  readonly origin: string;
  readonly rawKey: string;
}

interface HeldKey {
  readonly stored: StoredKey;
  /** Set for keys that live until quit only. JavaScript strings cannot be wiped; the docs say so. */
  readonly sessionSecret: string | null;
  /** `checking` until it was decrypted for the first time in this run. */
  readonly failure: DecryptFailure | 'wrong-origin' | 'checking' | null;
}

type Unsealed =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly failure: DecryptFailure | 'wrong-origin' };

/**
 * Key custody: save, use for one origin, test outcome, remove, status. Nothing returns a key over IPC; `useKey` is for
 * core's own requests. A failure to decrypt is a state of the key, never a reason to delete it.
 */
export class VaultService {
  readonly #dependencies: VaultDependencies;
  readonly #keys = new Map<string, HeldKey>();
  /** Entries of the file this version cannot read; written back unchanged. */
  #unreadEntries: readonly unknown[] = [];

  constructor(dependencies: VaultDependencies) {
    this.#dependencies = dependencies;
    this.#load();
  }

  /** Decrypts every stored key once, so that its state is known before it is needed. */
  async verify(): Promise<void> {
    for (const [id, held] of this.#keys) {
      if (held.sessionSecret !== null) continue;
      const result = await this.#unseal(held.stored);
      const current = this.#keys.get(id);
      if (current === held) this.#keys.set(id, { ...held, failure: result.ok ? null : result.failure });
    }
  }

  /** Where a key saved now would rest. */
  keystore(): KeystoreStatus {
    return this.#dependencies.cipher.status();
  }

  /** Whether there is anything that only the keystore can give back. */
  hasKeptKeys(): boolean {
    return [...this.#keys.values()].some((held) => held.sessionSecret === null);
  }

  /** Encrypts and stores a key, replacing the connection's former one only once the new one is safely down. */
  async save(newKey: NewKey): Promise<string> {
    const { cipher, clock, ids, redactor } = this.#dependencies;
    const key = parseKey(newKey.rawKey);
    redactor.protect(key);
    // Quietly: whoever enters a key has asked with a prompt before.
    const keystore = await cipher.check({ mayPrompt: false });
    const isKept = keystore.kind === 'available';
    const stored: StoredKey = {
      id: ids.next(),
      connectionId: newKey.connectionId,
      label: newKey.label,
      last4: lastFour(key),
      origin: newKey.origin,
      backend: keystore.backend,
      cipherText: isKept
        ? Buffer.from(await cipher.encrypt(sealKey({ origin: newKey.origin, key }))).toString('base64')
        : '',
      createdAt: clock.now(),
      lastUsedAt: null,
      lastTestedAt: null,
      lastOutcome: null,
    };
    const former = [...this.#keys].filter(([, held]) => held.stored.connectionId === newKey.connectionId);
    this.#keys.set(stored.id, { stored, sessionSecret: isKept ? null : key, failure: null });
    for (const [id] of former) this.#keys.delete(id);
    this.#persistOr(() => {
      this.#keys.delete(stored.id);
      for (const [id, held] of former) this.#keys.set(id, held);
    });
    return stored.id;
  }

  /** The key for one request to `origin`. Throws `auth/missing-key` or `secret/*`; the ciphertext stays whatever happens. */
  async useKey(keyId: string, origin: string): Promise<string> {
    const held = this.#keys.get(keyId);
    if (held === undefined) throw new AppError('auth/missing-key', 'This connection has no key.');
    if (held.stored.origin !== origin) throw this.#unusable('wrong-origin', held.stored);
    if (held.sessionSecret !== null) return held.sessionSecret;
    // Waits while the keystore is being asked, and sees that it was unlocked meanwhile by somebody else.
    await this.#dependencies.cipher.check({ mayPrompt: false });
    const result = await this.#unseal(held.stored);
    // Looked up again: the key may have been removed or replaced while the keystore was asked.
    const current = this.#keys.get(keyId);
    if (current === undefined) throw new AppError('auth/missing-key', 'This connection has no key.');
    this.#keys.set(keyId, { ...current, failure: result.ok ? null : result.failure });
    if (!result.ok) throw this.#unusable(result.failure, held.stored);
    return result.key;
  }

  /** Notes that a key was sent and what the provider thought of it. */
  recordUse(
    keyId: string,
    use: { readonly kind: 'request' | 'test'; readonly outcome: StoredKey['lastOutcome'] },
  ): void {
    const held = this.#keys.get(keyId);
    if (held === undefined) return;
    const now = this.#dependencies.clock.now();
    const stored: StoredKey = {
      ...held.stored,
      lastUsedAt: now,
      lastTestedAt: use.kind === 'test' ? now : held.stored.lastTestedAt,
      lastOutcome: use.outcome ?? held.stored.lastOutcome,
    };
    this.#keys.set(keyId, { ...held, stored });
    // Only dates would be lost: no reason to fail the request that just worked.
    this.#persistQuietly('could not note the use of a key');
  }

  /** Forgets a key and rewrites the file without it. */
  remove(keyId: string): void {
    const held = this.#keys.get(keyId);
    if (held === undefined) return;
    this.#keys.delete(keyId);
    this.#persistOr(() => this.#keys.set(keyId, held));
  }

  /** The id of a connection's key. */
  keyIdFor(connectionId: string): string | null {
    for (const [id, held] of this.#keys) if (held.stored.connectionId === connectionId) return id;
    return null;
  }

  /** What a window may know about the key of a connection that now points at `origin`. */
  statusFor(connectionId: string, origin: string): KeyStatus | null {
    const id = this.keyIdFor(connectionId);
    const held = id === null ? undefined : this.#keys.get(id);
    if (held === undefined) return null;
    const { stored } = held;
    const state = stateOf(held, origin);
    const { name, wayBack } = this.#dependencies.cipher.describeBackend(stored.backend);
    return {
      id: stored.id,
      label: stored.label,
      last4: stored.last4,
      origin: stored.origin,
      state,
      restsIn: held.sessionSecret === null ? name : 'this session only',
      wayBack: state === 'other-backend' ? wayBack : null,
      createdAt: stored.createdAt,
      lastUsedAt: stored.lastUsedAt,
      lastTestedAt: stored.lastTestedAt,
      lastOutcome: stored.lastOutcome,
    };
  }

  /** Decrypts a key and sees that it is for the origin that stands beside it. */
  async #unseal(stored: StoredKey): Promise<Unsealed> {
    const bytes = Buffer.from(stored.cipherText, 'base64');
    const result = await this.#dependencies.cipher.decrypt(bytes, stored.backend);
    if (!result.ok) return result;
    const sealed = openSealedKey(result.plainText);
    if (sealed === null) return { ok: false, failure: 'unreadable' };
    this.#dependencies.redactor.protect(sealed.key);
    if (sealed.origin !== stored.origin) return { ok: false, failure: 'wrong-origin' };
    return { ok: true, key: sealed.key };
  }

  #unusable(failure: DecryptFailure | 'wrong-origin', stored: StoredKey): AppError {
    const { cipher } = this.#dependencies;
    const { backend, origin } = stored;
    const { name, wayBack } = cipher.describeBackend(backend);
    switch (failure) {
      case 'wrong-origin':
        return new AppError('secret/wrong-origin', 'This key was entered for another origin.', {
          details: { boundTo: origin },
        });
      case 'locked': {
        const status = cipher.status();
        const cause = status.kind === 'locked' ? status.cause : 'locked';
        return new AppError('secret/locked', 'The keystore is locked.', {
          details: { backend, name, cause },
        });
      }
      case 'other-backend':
        return new AppError('secret/other-backend', 'Another keystore wrote this key.', {
          details: { backend, name, wayBack },
        });
      case 'unreadable':
        return new AppError('secret/unreadable', 'The keystore could not read this key.', {
          details: { backend, name },
        });
    }
  }

  #load(): void {
    const { file, notices } = this.#dependencies;
    const content = file.read();
    if (content.kind === 'absent') return;
    const document = content.kind === 'value' ? vaultDocumentSchema.safeParse(content.value) : null;
    if (document?.success) {
      this.#unreadEntries = this.#hold(document.data.keys);
      return;
    }
    const keptAs = content.kind === 'damaged' ? content.keptAs : file.setAside();
    notices.raiseDamagedFile('your saved keys', keptAs);
    const text = content.kind === 'damaged' ? content.text : JSON.stringify(content.value);
    this.#hold(salvageEntries(text));
    this.#persistQuietly('could not write the keys that were saved from a damaged file');
  }

  /** Takes the entries that make sense; returns those that do not. */
  #hold(entries: readonly unknown[]): readonly unknown[] {
    const parsed = entries.map((entry) => ({ entry, key: storedKeySchema.safeParse(entry) }));
    for (const { key } of parsed) {
      if (key.success)
        this.#keys.set(key.data.id, { stored: key.data, sessionSecret: null, failure: 'checking' });
    }
    return parsed.filter(({ key }) => !key.success).map(({ entry }) => entry);
  }

  #persist(): void {
    const kept = [...this.#keys.values()].filter((held) => held.sessionSecret === null);
    this.#dependencies.file.write({
      version: 1,
      keys: [...this.#unreadEntries, ...kept.map((held) => held.stored)],
    });
  }

  /** For what is not worth failing for; the next write takes it along. */
  #persistQuietly(complaint: string): void {
    try {
      this.#persist();
    } catch (error) {
      this.#dependencies.logger.warn(complaint, { error });
    }
  }

  #persistOr(undo: () => void): void {
    try {
      this.#persist();
    } catch (error) {
      undo();
      throw error;
    }
  }
}

function stateOf(held: HeldKey, origin: string): KeyState {
  if (held.stored.origin !== origin) return 'wrong-origin';
  if (held.sessionSecret !== null) return 'session-only';
  return held.failure ?? 'ok';
}
