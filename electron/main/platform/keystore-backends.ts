import type { KeystoreStatus } from '../../contract/model/connection.ts';
import type { BackendDescription, DecryptFailure } from '../../core/ports.ts';

/** Backends that protect nothing: Chromium's built-in password, or none chosen yet. */
const UNPROTECTED = ['basic_text', 'unknown'];

/** A keystore's name, and where Chromium chooses it. */
const BACKENDS: ReadonlyMap<string, { readonly name: string; readonly home: string }> = new Map([
  [
    'gnome_libsecret',
    { name: 'GNOME Keyring', home: 'in a GNOME session or with --password-store=gnome-libsecret' },
  ],
  ['kwallet', { name: 'KWallet', home: 'in a KDE session or with --password-store=kwallet' }],
  ['kwallet5', { name: 'KWallet', home: 'in a KDE session or with --password-store=kwallet5' }],
  ['kwallet6', { name: 'KWallet', home: 'in a KDE session or with --password-store=kwallet6' }],
  ['keychain', { name: 'macOS Keychain', home: 'on the Mac on which it was saved' }],
  ['dpapi', { name: 'Windows (DPAPI)', home: 'in the Windows account in which it was saved' }],
]);

/** What the OS said about its keystore. */
export interface KeystoreFacts {
  readonly platform: NodeJS.Platform;
  readonly backend: string;
  readonly isEncryptionAvailable: boolean;
}

/** A backend's name for people. */
export function keystoreName(backend: string): string {
  return BACKENDS.get(backend)?.name ?? backend;
}

/** Names a backend that wrote a key, and says how to come back to it. */
export function describeBackend(backend: string): BackendDescription {
  const home = BACKENDS.get(backend)?.home ?? `where ${backend} is the keystore`;
  return { name: keystoreName(backend), wayBack: `start Latchkey ${home}` };
}

/** Whether a backend is a keystore that can be asked at all. */
export function isKeystore(platform: NodeJS.Platform, backend: string): boolean {
  return platform !== 'linux' || !UNPROTECTED.includes(backend);
}

/** A keystore that is being asked. */
export function checkingKeystore(backend: string): KeystoreStatus {
  return { kind: 'checking', backend, name: keystoreName(backend) };
}

/** A keystore that gives nothing out, and what would help. */
export function lockedKeystore(
  backend: string,
  cause: Extract<KeystoreStatus, { kind: 'locked' }>['cause'],
): KeystoreStatus {
  const name = keystoreName(backend);
  const advice = {
    locked: 'Unlock it with its password to go on.',
    prompt: 'Answer it in its own window, and Latchkey goes on by itself.',
    silent: 'See that it is running, then try again.',
  } as const;
  return { kind: 'locked', backend, name, cause, advice: advice[cause] };
}

/** The name of the keystore of a platform; Linux has several, which `selected` names. */
export function backendOf(platform: NodeJS.Platform, selected: () => string): string {
  if (platform === 'darwin') return 'keychain';
  return platform === 'win32' ? 'dpapi' : selected();
}

/** Judges the facts: only a real keystore that answers is `available`. */
export function describeKeystore(facts: KeystoreFacts): KeystoreStatus {
  const { backend } = facts;
  if (!isKeystore(facts.platform, backend)) {
    return {
      kind: 'session-only',
      backend,
      reason:
        'No keyring was found, so keys are kept in memory until you quit. Install and unlock GNOME Keyring or KWallet, then restart Latchkey.',
    };
  }
  if (!facts.isEncryptionAvailable) {
    return {
      kind: 'session-only',
      backend,
      reason: `${keystoreName(backend)} did not answer, so keys are kept in memory until you quit. See that it works, then restart Latchkey.`,
    };
  }
  return { kind: 'available', backend, name: keystoreName(backend) };
}

/** Says why a ciphertext could not be read. `writtenBy` is the backend recorded with it. */
export function classifyDecryptFailure(facts: KeystoreFacts, writtenBy: string): DecryptFailure {
  if (facts.backend !== writtenBy) return 'other-backend';
  return facts.isEncryptionAvailable ? 'unreadable' : 'locked';
}

/**
 * Whether a ciphertext is protected by nothing but a password that is in Chromium's source. On Linux such a one starts
 * with `v10`, and Electron's async API makes it silently when there is no keyring. (Elsewhere `v10` is the real thing.)
 */
export function isHardCodedCipherText(platform: NodeJS.Platform, cipherText: Uint8Array): boolean {
  return platform === 'linux' && Buffer.from(cipherText.subarray(0, 3)).toString('latin1') === 'v10';
}
