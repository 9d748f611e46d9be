import { describe, expect, it } from 'vitest';
import type { KeystoreStatus } from '../../contract/model/connection.ts';
import type { KeystoreProbe, KeystoreView } from './keystore-probe.ts';
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

/** A cipher that has asked a keystore which does not have to be asked first. */
async function openCipher(
  safeStorage: SafeStorageLike,
  platform: NodeJS.Platform = 'linux',
): Promise<SafeStorageCipher> {
  const cipher = new SafeStorageCipher({ safeStorage, platform, probe: null });
  await cipher.check({ mayPrompt: false });
  return cipher;
}

describe('SafeStorageCipher', () => {
  it.each([
    ['sync', syncStorage()],
    ['async', asyncStorage('gnome_libsecret', 'v11')],
  ])('round-trips through the %s methods', async (_name, storage) => {
    const cipher = await openCipher(storage);
    const cipherText = await cipher.encrypt('secret');
    expect(await cipher.decrypt(cipherText, 'gnome_libsecret')).toEqual({ ok: true, plainText: 'secret' });
  });

  it('trusts the sync answer where both halves exist', async () => {
    const both = { ...asyncStorage('gnome_libsecret', 'v11'), isEncryptionAvailable: () => false };
    expect((await openCipher(both)).status().kind).toBe('session-only');
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
    await expect((await openCipher(storage)).encrypt('secret')).rejects.toMatchObject({
      code: 'secret/keystore-unavailable',
    });
  });

  it('accepts v10 from the macOS Keychain', async () => {
    const cipher = await openCipher(syncStorage({}, 'v10'), 'darwin');
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
    const cipher = await openCipher(storage);
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
    const cipher = await openCipher(storage, 'darwin');
    const result = await cipher.decrypt(Buffer.from('v10x'), 'keychain');
    expect(result).toEqual({ ok: false, failure: 'locked' });
  });
});

/** A keyring with a lock and a prompt, as main and as the probe's child see it. */
class FakeKeyring implements KeystoreProbe {
  view: KeystoreView = 'locked';
  looks = 0;
  prompts = 0;
  ended = 0;
  /** How often main itself called safeStorage, which blocks unless the keyring is open. */
  mainCalls = 0;
  #answer: ((isOpen: boolean) => void) | null = null;

  look(): Promise<KeystoreView> {
    this.looks += 1;
    return Promise.resolve(this.view);
  }

  ask(signal: AbortSignal): Promise<boolean> {
    this.prompts += 1;
    return new Promise((resolve) => {
      this.#answer = resolve;
      signal.addEventListener('abort', () => {
        this.ended += 1;
        resolve(false);
      });
    });
  }

  /** A person deals with the prompt. */
  answer(isOpen: boolean): void {
    if (isOpen) this.view = 'open';
    this.#answer?.(isOpen);
  }

  get storage(): SafeStorageLike {
    return syncStorage({
      isEncryptionAvailable: () => {
        this.mainCalls += 1;
        if (this.view !== 'open') throw new Error('main would be blocked');
        return true;
      },
    });
  }
}

function startWith(keyring: FakeKeyring, answerLimitMs = 60_000) {
  const cipher = new SafeStorageCipher({
    safeStorage: keyring.storage,
    platform: 'linux',
    probe: keyring,
    answerLimitMs,
  });
  const seen: string[] = [];
  cipher.onChanged((status) => seen.push(shortly(status)));
  return { cipher, seen };
}

function shortly(status: KeystoreStatus): string {
  return status.kind === 'locked' ? `locked: ${status.cause}` : status.kind;
}

const SILENT = { mayPrompt: false };
const ASKING = { mayPrompt: true };

describe('a keyring that may be locked', () => {
  it('is being checked until somebody has asked, and main asks nothing by itself', () => {
    const keyring = new FakeKeyring();
    expect(startWith(keyring).cipher.status()).toEqual({
      kind: 'checking',
      backend: 'gnome_libsecret',
      name: 'GNOME Keyring',
    });
    expect(keyring.mainCalls).toBe(0);
  });

  it('that is open needs no second process', async () => {
    const keyring = new FakeKeyring();
    keyring.view = 'open';
    const { cipher, seen } = startWith(keyring);
    expect((await cipher.check(ASKING)).kind).toBe('available');
    expect(keyring.prompts).toBe(0);
    expect(seen).toEqual(['available']);
  });

  it('is asked no more once it is open', async () => {
    const keyring = new FakeKeyring();
    keyring.view = 'open';
    const { cipher } = startWith(keyring);
    await cipher.check(ASKING);
    await cipher.check(ASKING);
    expect(keyring.looks).toBe(1);
  });

  it('shows no prompt when it may not', async () => {
    const keyring = new FakeKeyring();
    const { cipher } = startWith(keyring);
    expect(shortly(await cipher.check(SILENT))).toBe('locked: locked');
    expect(keyring.prompts).toBe(0);
  });

  it('works as soon as its prompt is answered', async () => {
    const keyring = new FakeKeyring();
    const { cipher, seen } = startWith(keyring);
    const verdict = cipher.check(ASKING);
    await expect.poll(() => keyring.prompts).toBe(1);
    keyring.answer(true);
    expect((await verdict).kind).toBe('available');
    expect(seen).toEqual(['available']);
  });

  it('works as soon as its prompt is answered late, when nobody waits any more', async () => {
    const keyring = new FakeKeyring();
    const { cipher, seen } = startWith(keyring, 1);
    expect(shortly(await cipher.check(ASKING))).toBe('locked: prompt');
    keyring.answer(true);
    await expect.poll(() => cipher.status().kind).toBe('available');
    expect(seen).toEqual(['locked: prompt', 'available']);
  });

  it('is asked by one prompt, however often somebody tries again', async () => {
    const keyring = new FakeKeyring();
    const { cipher, seen } = startWith(keyring, 1);
    for (let round = 0; round < 3; round += 1) await cipher.check(ASKING);
    expect(keyring.prompts).toBe(1);
    expect(shortly(await cipher.check(SILENT))).toBe('locked: prompt');
    const waits = ['locked: prompt', 'checking'];
    expect(seen).toEqual([...waits, ...waits, 'locked: prompt']);
  });

  it('is locked when its prompt is refused, and can be asked again', async () => {
    const keyring = new FakeKeyring();
    const { cipher } = startWith(keyring);
    const refused = cipher.check(ASKING);
    await expect.poll(() => keyring.prompts).toBe(1);
    keyring.answer(false);
    expect(shortly(await refused)).toBe('locked: locked');
    expect(keyring.mainCalls).toBe(0);
    const again = cipher.check(ASKING);
    await expect.poll(() => keyring.prompts).toBe(2);
    keyring.answer(true);
    expect((await again).kind).toBe('available');
  });

  it('that was unlocked elsewhere is found open without a prompt, and the one that waits is ended', async () => {
    const keyring = new FakeKeyring();
    const { cipher } = startWith(keyring, 1);
    await cipher.check(ASKING);
    keyring.view = 'open';
    expect((await cipher.check(SILENT)).kind).toBe('available');
    expect(keyring.ended).toBe(1);
    await expect.poll(() => cipher.status().kind).toBe('available');
  });

  it('is asked once by all who ask at the same time', async () => {
    const keyring = new FakeKeyring();
    keyring.view = 'open';
    const { cipher } = startWith(keyring);
    await Promise.all([cipher.check(SILENT), cipher.check(ASKING), cipher.check(SILENT)]);
    expect(keyring.looks).toBe(1);
  });

  it('gives no key out and takes none while it is locked', async () => {
    const { cipher } = startWith(new FakeKeyring());
    await cipher.check(SILENT);
    expect(await cipher.decrypt(Buffer.from('v11x'), 'gnome_libsecret')).toEqual({
      ok: false,
      failure: 'locked',
    });
    expect(await cipher.decrypt(Buffer.from('v11x'), 'kwallet6')).toEqual({
      ok: false,
      failure: 'other-backend',
    });
    await expect(cipher.encrypt('secret')).rejects.toMatchObject({ code: 'secret/keystore-unavailable' });
  });

  it('into which nobody can look is asked once, even quietly', async () => {
    const keyring = new FakeKeyring();
    keyring.view = 'unknown';
    const { cipher } = startWith(keyring);
    const verdict = cipher.check(SILENT);
    await expect.poll(() => keyring.prompts).toBe(1);
    keyring.answer(false);
    expect(shortly(await verdict)).toBe('locked: silent');
    await cipher.check(SILENT);
    expect(keyring.prompts).toBe(1);
  });

  it('that does not exist is known at once', () => {
    const safeStorage = syncStorage({ getSelectedStorageBackend: () => 'basic_text' });
    const cipher = new SafeStorageCipher({ safeStorage, platform: 'linux', probe: new FakeKeyring() });
    expect(cipher.status().kind).toBe('session-only');
  });
});
