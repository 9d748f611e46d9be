import { describe, expect, it } from 'vitest';
import {
  backendOf,
  classifyDecryptFailure,
  describeBackend,
  describeKeystore,
  isHardCodedCipherText,
  keystoreName,
  lockedKeystore,
} from './keystore-backends.ts';

describe('describeKeystore', () => {
  it.each([
    { platform: 'linux', backend: 'gnome_libsecret', name: 'GNOME Keyring' },
    { platform: 'linux', backend: 'kwallet6', name: 'KWallet' },
    { platform: 'darwin', backend: 'keychain', name: 'macOS Keychain' },
    { platform: 'win32', backend: 'dpapi', name: 'Windows (DPAPI)' },
  ] as const)('trusts $backend when it answers', ({ platform, backend, name }) => {
    expect(describeKeystore({ platform, backend, isEncryptionAvailable: true })).toEqual({
      kind: 'available',
      backend,
      name,
    });
  });

  it.each([
    { platform: 'linux', backend: 'basic_text', isEncryptionAvailable: false },
    { platform: 'linux', backend: 'basic_text', isEncryptionAvailable: true },
    { platform: 'linux', backend: 'unknown', isEncryptionAvailable: true },
    { platform: 'linux', backend: 'gnome_libsecret', isEncryptionAvailable: false },
    { platform: 'darwin', backend: 'keychain', isEncryptionAvailable: false },
  ] as const)('keeps keys for the session only with $backend, available: $isEncryptionAvailable', (facts) => {
    const status = describeKeystore(facts);
    expect(status.kind).toBe('session-only');
    expect(status.kind === 'session-only' && status.reason).toMatch(/until you quit.+restart Latchkey\.$/);
  });
});

describe('classifyDecryptFailure', () => {
  it.each([
    {
      backend: 'gnome_libsecret',
      isEncryptionAvailable: false,
      writtenBy: 'gnome_libsecret',
      failure: 'locked',
    },
    {
      backend: 'gnome_libsecret',
      isEncryptionAvailable: true,
      writtenBy: 'gnome_libsecret',
      failure: 'unreadable',
    },
    {
      backend: 'basic_text',
      isEncryptionAvailable: false,
      writtenBy: 'gnome_libsecret',
      failure: 'other-backend',
    },
    {
      backend: 'kwallet6',
      isEncryptionAvailable: true,
      writtenBy: 'gnome_libsecret',
      failure: 'other-backend',
    },
  ] as const)('$writtenBy read with $backend: $failure', ({ writtenBy, failure, ...rest }) => {
    expect(classifyDecryptFailure({ platform: 'linux', ...rest }, writtenBy)).toBe(failure);
  });
});

describe('isHardCodedCipherText', () => {
  it.each([
    { platform: 'linux', text: 'v10abc', isHardCoded: true },
    { platform: 'linux', text: 'v11abc', isHardCoded: false },
    { platform: 'linux', text: '', isHardCoded: false },
    { platform: 'darwin', text: 'v10abc', isHardCoded: false },
    { platform: 'win32', text: 'v10abc', isHardCoded: false },
  ] as const)('$text on $platform: $isHardCoded', ({ platform, text, isHardCoded }) => {
    expect(isHardCodedCipherText(platform, Buffer.from(text))).toBe(isHardCoded);
  });
});

describe('names', () => {
  it('asks for the selected backend on Linux only', () => {
    expect(backendOf('linux', () => 'kwallet5')).toBe('kwallet5');
    expect(backendOf('darwin', () => 'kwallet5')).toBe('keychain');
    expect(backendOf('win32', () => 'kwallet5')).toBe('dpapi');
  });

  it.each([
    ['gnome_libsecret', 'GNOME Keyring', '--password-store=gnome-libsecret'],
    ['kwallet', 'KWallet', '--password-store=kwallet'],
    ['kwallet5', 'KWallet', '--password-store=kwallet5'],
    ['kwallet6', 'KWallet', '--password-store=kwallet6'],
    ['keychain', 'macOS Keychain', 'Mac'],
    ['dpapi', 'Windows (DPAPI)', 'Windows account'],
    ['new_backend', 'new_backend', 'new_backend'],
  ])('lead back to %s', (backend, name, wayBack) => {
    const described = describeBackend(backend);
    expect(described.name).toBe(name);
    expect(described.wayBack).toMatch(/^start Latchkey .+[^.]$/);
    expect(described.wayBack).toContain(wayBack);
  });

  it.each(['locked', 'prompt', 'silent'] as const)(
    'give advice for a keystore that is locked: %s',
    (cause) => {
      const status = lockedKeystore('gnome_libsecret', cause);
      expect(status).toMatchObject({ kind: 'locked', name: 'GNOME Keyring', cause });
      expect(status.kind === 'locked' && status.advice).toMatch(/^[A-Z].+\.$/);
    },
  );

  it('falls back to the name Chromium gives', () => {
    expect(keystoreName('new_backend')).toBe('new_backend');
  });
});
