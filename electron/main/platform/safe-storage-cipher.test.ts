import { describe, expect, it } from 'vitest';
import { SafeStorageCipher, type SafeStorageLike } from './safe-storage-cipher.ts';

/** A keyring that marks what it encrypts with `prefix`. */
function syncStorage(change: Partial<SafeStorageLike> = {}, prefix = 'v11'): SafeStorageLike {
  return {
    getSelectedStorageBackend: () => 'gnome_libsecret',
    isEncryptionAvailable: () => true,
    encryptString: (plainText) => Buffer.from(prefix + plainText),
    decryptString: (cipherText) => cipherText.subarray(3).toString(),
    ...change,
  };
}

function asyncStorage(backend: string, prefix: string): SafeStorageLike {
  return {
    getSelectedStorageBackend: () => backend,
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async (plainText) => Buffer.from(prefix + plainText),
    decryptStringAsync: async (cipherText) => ({ result: cipherText.subarray(3).toString() }),
  };
}

const fails = (): never => {
  throw new Error('boom');
};

describe('SafeStorageCipher', () => {
  it.each([
    ['sync', syncStorage()],
    ['async', asyncStorage('gnome_libsecret', 'v11')],
  ])('round-trips through the %s methods', async (_name, storage) => {
    const cipher = new SafeStorageCipher(storage, 'linux');
    const cipherText = await cipher.encrypt('secret');
    expect(await cipher.decrypt(cipherText, 'gnome_libsecret')).toEqual({ ok: true, plainText: 'secret' });
  });

  it('trusts the sync answer where both halves exist', async () => {
    const both = { ...asyncStorage('gnome_libsecret', 'v11'), isEncryptionAvailable: () => false };
    expect((await new SafeStorageCipher(both, 'linux').status()).kind).toBe('session-only');
  });

  it.each([
    ['without a keyring', syncStorage({ getSelectedStorageBackend: () => 'basic_text' })],
    ['when the async API falls back to the built-in password', asyncStorage('basic_text', 'v10')],
    ['when the keyring goes away between the question and the answer', syncStorage({}, 'v10')],
    ['when the keystore throws', syncStorage({ encryptString: fails })],
    [
      'with no method at all',
      { getSelectedStorageBackend: () => 'gnome_libsecret', isEncryptionAvailable: () => true },
    ],
  ])('refuses to encrypt %s', async (_name, storage) => {
    await expect(new SafeStorageCipher(storage, 'linux').encrypt('secret')).rejects.toMatchObject({
      code: 'secret/keystore-unavailable',
    });
  });

  it('accepts v10 from the macOS Keychain', async () => {
    const cipher = new SafeStorageCipher(syncStorage({}, 'v10'), 'darwin');
    expect(Buffer.from(await cipher.encrypt('a')).toString()).toBe('v10a');
  });

  it.each([
    ['locked', syncStorage({ isEncryptionAvailable: () => false }), 'v11x', 'gnome_libsecret'],
    [
      'other-backend',
      syncStorage({ getSelectedStorageBackend: () => 'basic_text' }),
      'v11x',
      'gnome_libsecret',
    ],
    ['other-backend', syncStorage({ decryptString: fails }), 'v11x', 'kwallet6'],
    ['unreadable', syncStorage({ decryptString: fails }), 'v11x', 'gnome_libsecret'],
    ['unreadable', syncStorage(), 'v10x', 'gnome_libsecret'],
  ])('answers %s instead of throwing', async (failure, storage, cipherText, writtenBy) => {
    const cipher = new SafeStorageCipher(storage, 'linux');
    expect(await cipher.decrypt(Buffer.from(cipherText), writtenBy)).toEqual({ ok: false, failure });
  });

  it('calls a prompt that was denied during decryption a locked keystore', async () => {
    let isAvailable = true;
    const storage = syncStorage({
      isEncryptionAvailable: () => isAvailable,
      decryptString: () => {
        isAvailable = false;
        return fails();
      },
    });
    const result = await new SafeStorageCipher(storage, 'darwin').decrypt(Buffer.from('v10x'), 'keychain');
    expect(result).toEqual({ ok: false, failure: 'locked' });
  });
});
