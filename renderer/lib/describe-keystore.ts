import type { KeystoreStatus } from '../../electron/contract/model/connection.ts';
import { assertNever } from './assert-never.ts';

/** A keystore that gives nothing out for now. */
export type LockedKeystore = Extract<KeystoreStatus, { kind: 'locked' }>;

/** Why a keystore gives nothing out, as a short sentence without its full stop. */
export function describeLock(keystore: Pick<LockedKeystore, 'name' | 'cause'>): string {
  switch (keystore.cause) {
    case 'locked':
      return `${keystore.name} is locked`;
    case 'prompt':
      return `${keystore.name} asks for its password`;
    case 'silent':
      return `${keystore.name} does not answer`;
    default:
      return assertNever(keystore.cause);
  }
}

/** How the keystore stands, as a short sentence without its full stop; null when there is nothing to say. */
export function describeKeystore(keystore: KeystoreStatus | undefined): string | null {
  if (keystore?.kind === 'checking') return `Waiting for ${keystore.name}`;
  return keystore?.kind === 'locked' ? describeLock(keystore) : null;
}
