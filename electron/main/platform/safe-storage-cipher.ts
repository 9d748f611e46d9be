import { AppError } from '../../contract/app-error.ts';
import type { KeystoreStatus } from '../../contract/model/connection.ts';
import type { DecryptResult, SecretCipher } from '../../core/ports.ts';
import {
  backendOf,
  classifyDecryptFailure,
  describeKeystore,
  isHardCodedCipherText,
  type KeystoreFacts,
} from './keystore-backends.ts';

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

/**
 * `SecretCipher` over safeStorage; use it after `ready` only. The sync methods are preferred while they exist: on Linux
 * `isEncryptionAvailable()` tells the truth, whereas its async sister says true with no keyring at all.
 */
export class SafeStorageCipher implements SecretCipher {
  readonly #safeStorage: SafeStorageLike;
  readonly #platform: NodeJS.Platform;

  constructor(safeStorage: SafeStorageLike, platform: NodeJS.Platform) {
    this.#safeStorage = safeStorage;
    this.#platform = platform;
  }

  async status(): Promise<KeystoreStatus> {
    return describeKeystore(await this.#facts());
  }

  async encrypt(plainText: string): Promise<Uint8Array> {
    const status = await this.status();
    if (status.kind !== 'available') throw new AppError('secret/keystore-unavailable', status.reason);
    const cipherText = await this.#encryptWithOs(plainText);
    if (isHardCodedCipherText(this.#platform, cipherText)) {
      throw new AppError('secret/keystore-unavailable', 'The keyring went away, so the key was not saved.');
    }
    return cipherText;
  }

  async decrypt(cipherText: Uint8Array, backend: string): Promise<DecryptResult> {
    const facts = await this.#facts();
    if (isHardCodedCipherText(this.#platform, cipherText)) return { ok: false, failure: 'unreadable' };
    if (describeKeystore(facts).kind !== 'available') {
      return {
        ok: false,
        failure: classifyDecryptFailure({ ...facts, isEncryptionAvailable: false }, backend),
      };
    }
    try {
      return { ok: true, plainText: await this.#decryptWithOs(cipherText) };
    } catch {
      // The reason is asked anew: a denied prompt makes a keystore unavailable that answered a moment ago.
      return { ok: false, failure: classifyDecryptFailure(await this.#facts(), backend) };
    }
  }

  async #facts(): Promise<KeystoreFacts> {
    const storage = this.#safeStorage;
    return {
      platform: this.#platform,
      backend: backendOf(this.#platform, () => storage.getSelectedStorageBackend?.() ?? 'unknown'),
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
