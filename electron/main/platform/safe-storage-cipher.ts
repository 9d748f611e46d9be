import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../contract/app-error.ts';
import type { KeystoreStatus } from '../../contract/model/connection.ts';
import type { BackendDescription, DecryptResult, KeystoreQuestion, SecretCipher } from '../../core/ports.ts';
import {
  backendOf,
  checkingKeystore,
  classifyDecryptFailure,
  describeBackend,
  describeKeystore,
  isHardCodedCipherText,
  isKeystore,
  lockedKeystore,
  type KeystoreFacts,
} from './keystore-backends.ts';
import type { KeystoreProbe } from './keystore-probe.ts';

/**
 * What is used of Electron's safeStorage. The sync methods are there up to Electron 45 (deprecated), the async ones
 * from 42 on, so neither half can be relied upon. `getSelectedStorageBackend` is Linux's.
 */
export interface SafeStorageLike {
  getSelectedStorageBackend?(): string;
  isEncryptionAvailable?(): boolean;
  encryptString?(plainText: string): Buffer;
  decryptString?(cipherText: Buffer): string;
  isAsyncEncryptionAvailable?(): Promise<boolean>;
  encryptStringAsync?(plainText: string): Promise<Buffer>;
  decryptStringAsync?(cipherText: Buffer): Promise<{ readonly result: string }>;
}

/** How long a keystore may take before the window stops waiting. The question itself goes on. */
const ANSWER_LIMIT_MS = 15_000;

/** What the cipher is built from. */
export interface SafeStorageCipherOptions {
  readonly safeStorage: SafeStorageLike;
  readonly platform: NodeJS.Platform;
  /** Asks before main does; null where safeStorage does not block. */
  readonly probe: KeystoreProbe | null;
  /** 15 s unless told. */
  readonly answerLimitMs?: number;
}

/** A question that waits for a person. */
interface Question {
  readonly verdict: Promise<KeystoreStatus>;
  readonly controller: AbortController;
}

interface RunningCheck {
  readonly mayPrompt: boolean;
  readonly verdict: Promise<KeystoreStatus>;
}

/**
 * `SecretCipher` over safeStorage; use it after `ready` only. The sync methods are preferred while they exist: on Linux
 * `isEncryptionAvailable()` tells the truth, whereas its async sister says true with no keyring at all. There main calls
 * neither before the probe has seen the keystore open: the call would block until a prompt is answered, and Chromium
 * remembers a refusal until it ends.
 */
export class SafeStorageCipher implements SecretCipher {
  readonly #safeStorage: SafeStorageLike;
  readonly #platform: NodeJS.Platform;
  readonly #probe: KeystoreProbe | null;
  readonly #answerLimitMs: number;
  readonly #listeners: ((status: KeystoreStatus) => void)[] = [];
  #status: KeystoreStatus;
  #running: RunningCheck | null = null;
  /** One at most: each would bring a prompt of its own. */
  #question: Question | null = null;
  #hasAsked = false;

  constructor(options: SafeStorageCipherOptions) {
    this.#safeStorage = options.safeStorage;
    this.#platform = options.platform;
    this.#probe = options.probe;
    this.#answerLimitMs = options.answerLimitMs ?? ANSWER_LIMIT_MS;
    const backend = this.#backend();
    this.#status = isKeystore(this.#platform, backend)
      ? checkingKeystore(backend)
      : describeKeystore({ platform: this.#platform, backend, isEncryptionAvailable: false });
  }

  status(): KeystoreStatus {
    return this.#status;
  }

  onChanged(listener: (status: KeystoreStatus) => void): void {
    this.#listeners.push(listener);
  }

  describeBackend(backend: string): BackendDescription {
    return describeBackend(backend);
  }

  async check({ mayPrompt }: KeystoreQuestion): Promise<KeystoreStatus> {
    while (this.#running !== null) {
      const { verdict, mayPrompt: isAsking } = this.#running;
      await verdict;
      if (isAsking || !mayPrompt) return this.#status;
    }
    if (this.#isFinal()) return this.#status;
    const verdict = this.#find(mayPrompt).finally(() => {
      this.#running = null;
    });
    this.#running = { mayPrompt, verdict };
    return verdict;
  }

  async encrypt(plainText: string): Promise<Uint8Array> {
    const status = this.#status;
    if (status.kind !== 'available') {
      throw new AppError(
        'secret/keystore-unavailable',
        'The keystore does not answer, so nothing was saved.',
      );
    }
    const cipherText = await this.#encryptWithOs(plainText);
    if (isHardCodedCipherText(this.#platform, cipherText)) {
      throw new AppError('secret/keystore-unavailable', 'The keyring went away, so the key was not saved.');
    }
    return cipherText;
  }

  async decrypt(cipherText: Uint8Array, backend: string): Promise<DecryptResult> {
    if (isHardCodedCipherText(this.#platform, cipherText)) return { ok: false, failure: 'unreadable' };
    if (this.#status.kind !== 'available') {
      const facts = { platform: this.#platform, backend: this.#backend(), isEncryptionAvailable: false };
      return { ok: false, failure: classifyDecryptFailure(facts, backend) };
    }
    try {
      return { ok: true, plainText: await this.#decryptWithOs(cipherText) };
    } catch {
      // The reason is asked anew: a denied prompt makes a keystore unavailable that answered a moment ago.
      return { ok: false, failure: classifyDecryptFailure(await this.#facts(), backend) };
    }
  }

  /** Nothing that could be asked would change it: Chromium has the keystore's password, or has been refused it for good. */
  #isFinal(): boolean {
    if (this.#status.kind === 'available') return true;
    return this.#status.kind === 'session-only' && this.#platform === 'linux';
  }

  async #find(mayPrompt: boolean): Promise<KeystoreStatus> {
    const probe = this.#probe;
    if (probe === null) return this.#settle();
    const backend = this.#backend();
    const view = await probe.look(backend);
    if (view === 'open') return this.#settle();
    const cause = view === 'locked' ? 'locked' : 'silent';
    // Where nobody can look, the first question is the only way to know.
    const isAsking = mayPrompt || (view === 'unknown' && !this.#hasAsked);
    if (!isAsking) return this.#become(lockedKeystore(backend, this.#question === null ? cause : 'prompt'));
    this.#become(checkingKeystore(backend));
    const question = (this.#question ??= this.#ask(probe, backend, cause));
    return Promise.race([question.verdict, this.#stopWaitingFor(question, backend)]);
  }

  /** Puts the question. Its answer counts whenever it comes. */
  #ask(probe: KeystoreProbe, backend: string, cause: 'locked' | 'silent'): Question {
    this.#hasAsked = true;
    const controller = new AbortController();
    const verdict = probe.ask(controller.signal).then((isOpen) => {
      this.#question = null;
      // Seen open meanwhile, and main has asked by itself.
      if (this.#isFinal()) return this.#status;
      return isOpen ? this.#settle() : this.#become(lockedKeystore(backend, cause));
    });
    return { verdict, controller };
  }

  /** The question stays: to end it would not take the keyring's prompt away, and a new one would bring a second. */
  async #stopWaitingFor(question: Question, backend: string): Promise<KeystoreStatus> {
    await delay(this.#answerLimitMs, undefined, { ref: false });
    // Answered in time: whatever is true by now stays so.
    return this.#question === question ? this.#become(lockedKeystore(backend, 'prompt')) : this.#status;
  }

  /** Main asks by itself, now that it gets an answer. */
  async #settle(): Promise<KeystoreStatus> {
    const status = this.#become(describeKeystore(await this.#facts()));
    this.#question?.controller.abort();
    return status;
  }

  #become(status: KeystoreStatus): KeystoreStatus {
    if (isDeepStrictEqual(status, this.#status)) return status;
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
    return status;
  }

  #backend(): string {
    return backendOf(this.#platform, () => this.#safeStorage.getSelectedStorageBackend?.() ?? 'unknown');
  }

  async #facts(): Promise<KeystoreFacts> {
    const storage = this.#safeStorage;
    return {
      platform: this.#platform,
      backend: this.#backend(),
      isEncryptionAvailable: storage.isEncryptionAvailable
        ? storage.isEncryptionAvailable()
        : ((await storage.isAsyncEncryptionAvailable?.()) ?? false),
    };
  }

  async #encryptWithOs(plainText: string): Promise<Uint8Array> {
    const storage = this.#safeStorage;
    try {
      if (storage.encryptString) return storage.encryptString(plainText);
      if (storage.encryptStringAsync) return await storage.encryptStringAsync(plainText);
    } catch (cause) {
      throw new AppError('secret/keystore-unavailable', 'The keystore refused to keep the key.', { cause });
    }
    throw new AppError('secret/keystore-unavailable', 'This runtime has no keystore.');
  }

  async #decryptWithOs(cipherText: Uint8Array): Promise<string> {
    const storage = this.#safeStorage;
    const bytes = Buffer.from(cipherText);
    if (storage.decryptString) return storage.decryptString(bytes);
    if (storage.decryptStringAsync) return (await storage.decryptStringAsync(bytes)).result;
    throw new Error('safeStorage has no decrypt method');
  }
}
