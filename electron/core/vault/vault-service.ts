import { AppError } from '../../contract/app-error.ts';
import type { KeyState, KeyStatus, KeystoreStatus } from '../../contract/model/connection.ts';
import type { Clock, DecryptFailure, DocumentStore, IdSource, Logger, SecretCipher } from '../ports.ts';
import type { Redactor } from '../redaction/redactor.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import { salvageEntries } from '../documents/salvage-entries.ts';
import { refusal } from '../policy/refusal.ts';
import { readKeyShape } from './key-shape.ts';
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
  /** Whether the organisation refuses a key that could live until quit only. */
  readonly requiresKeystore: boolean;
}

/** A key to keep. */
export interface NewKey {
  /** Whose key it is: a connection. */
  readonly connectionId: string;
  /** The key whose place it takes; null for one more. */
  readonly replacedKeyId: string | null;
  readonly label: string;
  /** The only origin it may ever be sent to. */
  readonly origin: string;
  readonly rawKey: string;
  /** Set for a secret of the network settings: the organisation decides about keys only. */
  readonly isNetworkSetting?: boolean;
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
  /** Keys that can still be brought back; in no file any more. */
  readonly #removed = new Map<string, HeldKey>();
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

  /** Whether the organisation takes no key that the keystore does not keep. */
  get requiresKeystore(): boolean {
    return this.#dependencies.requiresKeystore;
  }

  /** Whether there is anything that only the keystore can give back. */
  hasKeptKeys(): boolean {
    return [...this.#keys.values()].some((held) => held.sessionSecret === null);
  }

  /** Throws `policy/keystore` when the organisation requires a keystore and there is none. One that only waits may still open. */
  assertKeepable(): void {
    const { cipher, requiresKeystore } = this.#dependencies;
    const keystore = cipher.status();
    if (requiresKeystore && keystore.kind === 'session-only') throw keystoreRefusal(keystore);
  }

  /** Where the organisation requires a keystore, asks it before a key is made for it. Throws `policy/keystore` unless it opens. */
  async assertKeepsNow(): Promise<void> {
    const { cipher, requiresKeystore } = this.#dependencies;
    if (requiresKeystore) assertAvailable(await cipher.check({ mayPrompt: true }));
  }

  /**
   * Encrypts and stores a key. The one it replaces goes only once the new one is safely down; the id stays, since
   * conversations that chose it go on with the new one.
   */
  async save(newKey: NewKey): Promise<string> {
    const { clock, ids, redactor } = this.#dependencies;
    const key = parseKey(newKey.rawKey);
    redactor.protect(key);
    const keystore = await this.#askWhereToKeep(newKey);
    const isKept = keystore.kind === 'available';
    const former = this.#replaceable(newKey.replacedKeyId, isKept);
    const stored: StoredKey = {
      id: former?.stored.id ?? ids.next(),
      connectionId: newKey.connectionId,
      label: newKey.label,
      last4: lastFour(key),
      origin: newKey.origin,
      backend: keystore.backend,
      cipherText: isKept ? await this.#seal(newKey.origin, key) : '',
      createdAt: clock.now(),
      breadth: readKeyShape(key).breadth,
      expiresAt: null,
      requestCount: 0,
      lastUsedAt: null,
      lastTestedAt: null,
      lastOutcome: null,
    };
    this.#keys.set(stored.id, { stored, sessionSecret: isKept ? null : key, failure: null });
    this.#persistOr(() => {
      if (former === undefined) this.#keys.delete(stored.id);
      else this.#keys.set(stored.id, former);
    });
    if (former !== undefined) this.#scrub(former.stored);
    return stored.id;
  }

  /** From now on no log and no error shows it: a key that is tried or waits is in no file yet. */
  protect(key: string): void {
    this.#dependencies.redactor.protect(key);
  }

  /** A key that is kept gives way only to one that is kept: else quitting would leave neither, and it stands beside the new one. */
  #replaceable(keyId: string | null, isKept: boolean): HeldKey | undefined {
    const held = keyId === null ? undefined : this.#keys.get(keyId);
    return isKept || held?.sessionSecret !== null ? held : undefined;
  }

  /** The key for one request to `origin`. Throws `auth/missing-key` or `secret/*`; the ciphertext stays whatever happens. */
  async useKey(keyId: string, origin: string): Promise<string> {
    const held = this.#keys.get(keyId);
    if (held === undefined) throw missing();
    if (held.stored.origin !== origin) throw this.#unusable('wrong-origin', held.stored);
    if (this.#isExpired(held.stored)) throw this.#unusable('expired', held.stored);
    if (held.sessionSecret !== null) return held.sessionSecret;
    // Waits while the keystore is being asked, and sees that it was unlocked meanwhile by somebody else.
    await this.#dependencies.cipher.check({ mayPrompt: false });
    const result = await this.#unseal(held.stored);
    // Looked up again: the key may have been removed or replaced while the keystore was asked.
    const current = this.#keys.get(keyId);
    if (current === undefined) throw missing();
    if (current.stored.cipherText !== held.stored.cipherText) return this.useKey(keyId, origin);
    this.#keys.set(keyId, { ...current, failure: result.ok ? null : result.failure });
    if (!result.ok) throw this.#unusable(result.failure, held.stored);
    return result.key;
  }

  /** Notes that a key was sent and what the provider thought of it. What a replaced key was told says nothing about its successor. */
  recordUse(
    keyId: string,
    use: {
      readonly kind: 'request' | 'test';
      readonly outcome: StoredKey['lastOutcome'];
      /** When the key that was sent was entered. */
      readonly enteredAt: number;
    },
  ): void {
    const held = this.#keys.get(keyId);
    if (held === undefined || held.stored.createdAt !== use.enteredAt) return;
    const now = this.#dependencies.clock.now();
    const stored: StoredKey = {
      ...held.stored,
      requestCount: held.stored.requestCount + 1,
      lastUsedAt: now,
      lastTestedAt: use.kind === 'test' ? now : held.stored.lastTestedAt,
      lastOutcome: use.outcome ?? held.stored.lastOutcome,
    };
    this.#keys.set(keyId, { ...held, stored });
    // Only dates would be lost: no reason to fail the request that just worked.
    this.#persistQuietly('could not note the use of a key');
  }

  /** Label or expiry. Throws `auth/missing-key` or `storage/*`; then nothing changed. */
  change(
    keyId: string,
    change: { readonly label?: string | undefined; readonly expiresAt?: number | null | undefined },
  ): void {
    const held = this.#find(keyId);
    const stored: StoredKey = {
      ...held.stored,
      label: change.label ?? held.stored.label,
      expiresAt: change.expiresAt === undefined ? held.stored.expiresAt : change.expiresAt,
    };
    this.#keys.set(keyId, { ...held, stored });
    this.#persistOr(() => this.#keys.set(keyId, held));
  }

  /** Takes a key out of use and out of the file. It waits in memory for `restore` or `forget`. Throws `storage/*`. */
  remove(keyId: string): void {
    const held = this.#keys.get(keyId);
    if (held === undefined) return;
    this.#keys.delete(keyId);
    this.#persistOr(() => this.#keys.set(keyId, held));
    this.#removed.set(keyId, held);
    // Undo needs memory only; a crash before it is forgotten must leave the key in no other file.
    this.#scrub(held.stored);
  }

  /** Brings a removed key back. Throws `auth/missing-key` when it is forgotten, `storage/*` when it cannot be kept. */
  restore(keyId: string): void {
    const held = this.#removed.get(keyId);
    if (held === undefined) throw missing();
    this.#keys.set(keyId, held);
    this.#persistOr(() => this.#keys.delete(keyId));
    this.#removed.delete(keyId);
  }

  /** Forgets a removed key for good. */
  forget(keyId: string): void {
    this.#removed.delete(keyId);
  }

  /** Forgets all that was removed and not restored. */
  forgetRemoved(): void {
    this.#removed.clear();
  }

  /** The ids of a connection's keys, oldest first. */
  keyIdsFor(connectionId: string): readonly string[] {
    return [...this.#keys.values()]
      .filter(({ stored }) => stored.connectionId === connectionId)
      .toSorted((one, other) => one.stored.createdAt - other.stored.createdAt)
      .map(({ stored }) => stored.id);
  }

  /** What a window may know about the keys of a connection that now points at `origin`, oldest first. */
  statusesFor(connectionId: string, origin: string): KeyStatus[] {
    return this.keyIdsFor(connectionId).map((keyId) => this.#status(this.#find(keyId), origin));
  }

  /** Quietly: whoever enters a key has asked with a prompt before. */
  async #askWhereToKeep({ isNetworkSetting = false }: NewKey): Promise<KeystoreStatus> {
    const { cipher, requiresKeystore } = this.#dependencies;
    const keystore = await cipher.check({ mayPrompt: false });
    if (requiresKeystore && !isNetworkSetting) assertAvailable(keystore);
    return keystore;
  }

  #status(held: HeldKey, origin: string): KeyStatus {
    const { stored } = held;
    const state = this.#stateOf(held, origin);
    const { name, wayBack } = this.#dependencies.cipher.describeBackend(stored.backend);
    return {
      id: stored.id,
      label: stored.label,
      last4: stored.last4,
      origin: stored.origin,
      state,
      breadth: stored.breadth,
      restsIn: held.sessionSecret === null ? name : 'this session only',
      wayBack: state === 'other-backend' ? wayBack : null,
      createdAt: stored.createdAt,
      expiresAt: stored.expiresAt,
      requestCount: stored.requestCount,
      lastUsedAt: stored.lastUsedAt,
      lastTestedAt: stored.lastTestedAt,
      lastOutcome: stored.lastOutcome,
    };
  }

  #stateOf(held: HeldKey, origin: string): KeyState {
    if (held.stored.origin !== origin) return 'wrong-origin';
    if (held.failure !== null) return held.failure;
    if (this.#isExpired(held.stored)) return 'expired';
    if (held.stored.lastOutcome === 'rejected') return 'rejected';
    return held.sessionSecret === null ? 'ok' : 'session-only';
  }

  #isExpired({ expiresAt }: StoredKey): boolean {
    return expiresAt !== null && expiresAt <= this.#dependencies.clock.now();
  }

  #find(keyId: string): HeldKey {
    const held = this.#keys.get(keyId);
    if (held === undefined) throw missing();
    return held;
  }

  async #seal(origin: string, key: string): Promise<string> {
    return Buffer.from(await this.#dependencies.cipher.encrypt(sealKey({ origin, key }))).toString('base64');
  }

  /** What cannot be scrubbed is said in the log: the key itself is gone from what Latchkey reads. */
  #scrub({ cipherText, origin }: StoredKey): void {
    if (cipherText === '') return;
    try {
      this.#dependencies.file.scrub(cipherText, sharedLength(origin));
    } catch (error) {
      this.#dependencies.logger.warn('could not take a removed key out of a file that was set aside', {
        error,
      });
    }
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

  #unusable(failure: DecryptFailure | 'wrong-origin' | 'expired', stored: StoredKey): AppError {
    const { cipher } = this.#dependencies;
    const { backend, origin } = stored;
    const { name, wayBack } = cipher.describeBackend(backend);
    switch (failure) {
      case 'wrong-origin':
        return new AppError('secret/wrong-origin', 'This key was entered for another origin.', {
          details: { boundTo: origin },
        });
      case 'expired':
        return new AppError('secret/expired', 'This key was to be used until a day that has passed.');
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

function assertAvailable(keystore: KeystoreStatus): void {
  if (keystore.kind !== 'available') throw keystoreRefusal(keystore);
}

/** Says why the keystore cannot keep a key now, and whether it may later. */
function keystoreRefusal(keystore: Exclude<KeystoreStatus, { kind: 'available' }>): AppError {
  switch (keystore.kind) {
    case 'session-only':
      return refusal('policy/keystore', { reason: keystore.reason });
    case 'locked':
      return refusal('policy/keystore', {
        reason: keystore.advice,
        name: keystore.name,
        cause: keystore.cause,
      });
    case 'checking':
      return refusal('policy/keystore', { name: keystore.name, cause: 'silent' });
  }
}

/**
 * How much of a ciphertext, in base64 characters, all keys of an origin may have in common. Chromium's ciphers on Linux and
 * macOS begin alike for texts that begin alike (AES-CBC with a fixed initialisation vector): its 3 bytes of version, what we
 * seal before the key, a provider's public prefix, and the block in which that ends.
 */
function sharedLength(origin: string): number {
  const [versionBytes, publicPrefixBytes, blockBytes] = [3, 16, 16];
  const sealed = Buffer.byteLength(sealKey({ origin, key: '' }));
  return Math.ceil(((versionBytes + sealed + publicPrefixBytes + blockBytes) * 4) / 3);
}

function missing(): AppError {
  return new AppError('auth/missing-key', 'This connection has no such key.');
}
