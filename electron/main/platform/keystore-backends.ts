import type { KeystoreStatus } from '../../contract/model/connection.ts';
import type { DecryptFailure } from '../../core/ports.ts';

/** Backends that protect nothing: Chromium's built-in password, or none chosen yet. */
const UNPROTECTED = ['basic_text', 'unknown'];

const NAMES: ReadonlyMap<string, string> = new Map([
  ['gnome_libsecret', 'GNOME Keyring'],
  ['kwallet', 'KWallet'],
  ['kwallet5', 'KWallet'],
  ['kwallet6', 'KWallet'],
  ['keychain', 'macOS Keychain'],
  ['dpapi', 'Windows (DPAPI)'],
]);

/** What the OS said about its keystore. */
export interface KeystoreFacts {
  readonly platform: NodeJS.Platform;
  readonly backend: string;
  readonly isEncryptionAvailable: boolean;
}

/** A backend's name for people. */
export function keystoreName(backend: string): string {
  return NAMES.get(backend) ?? backend;
}

/** The name of the keystore of a platform; Linux has several, which `selected` names. */
export function backendOf(platform: NodeJS.Platform, selected: () => string): string {
  if (platform === 'darwin') return 'keychain';
  return platform === 'win32' ? 'dpapi' : selected();
}

/** Judges the facts: only a real keystore that answers is `available`. */
export function describeKeystore(facts: KeystoreFacts): KeystoreStatus {
  const { backend } = facts;
  if (facts.platform === 'linux' && UNPROTECTED.includes(backend)) {
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
      reason: `${keystoreName(backend)} did not answer or is locked, so keys are kept in memory until you quit. Unlock it, then restart Latchkey.`,
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
