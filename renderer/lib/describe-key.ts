import type {
  Connection,
  KeyState,
  KeyStatus,
  KeystoreStatus,
} from '../../electron/contract/model/connection.ts';
import { describeKeystore } from './describe-keystore.ts';
import { formatMoment } from './format.ts';

/** How a connection's key stands, in words. */
export interface KeySummary {
  /** One short line, e.g. "in GNOME Keyring". */
  readonly line: string;
  readonly tone: 'plain' | 'warn' | 'danger';
}

const problems: Readonly<Record<Exclude<KeyState, 'ok' | 'session-only'>, string>> = {
  checking: 'waiting for the keystore',
  locked: 'keystore locked',
  'other-backend': 'in another keystore',
  unreadable: 'cannot be decrypted',
  'wrong-origin': 'for another address',
};

/** Where the key of a connection rests, or what is wrong with it. The keystore says why a key has to wait. */
export function summariseKey(connection: Connection, keystore: KeystoreStatus | undefined): KeySummary {
  const { key } = connection;
  if (key === null) {
    return connection.needsKey
      ? { line: 'Key missing', tone: 'danger' }
      : { line: 'No key needed (this computer only)', tone: 'plain' };
  }
  if (key.state === 'session-only') return { line: 'this session only', tone: 'warn' };
  if (isWaiting(key)) {
    const line = describeKeystore(keystore) ?? problems.locked;
    return { line, tone: keystore?.kind === 'checking' ? 'plain' : 'warn' };
  }
  if (key.state === 'other-backend') return { line: `in ${key.restsIn}, not in use now`, tone: 'danger' };
  if (key.state !== 'ok') return { line: problems[key.state], tone: 'danger' };
  if (key.lastOutcome === 'rejected') return { line: 'refused by the provider', tone: 'danger' };
  return { line: `in ${key.restsIn}`, tone: 'plain' };
}

/** Whether a key is whole and only waits for its keystore. */
export function isWaiting(key: KeyStatus): boolean {
  return key.state === 'checking' || key.state === 'locked';
}

/** "…4f2a", or '' when the key is too short to show any of it. */
export function maskedKey(key: KeyStatus | null): string {
  return key === null || key.last4 === '' ? '' : `…${key.last4}`;
}

/** What the last test or request learnt about a key. */
export function describeLastTest(key: KeyStatus, now: number): string {
  if (key.lastTestedAt === null) return 'Not yet';
  const outcome = key.lastOutcome === 'rejected' ? 'refused' : 'accepted';
  return `${capitalise(formatMoment(key.lastTestedAt, now))}, ${outcome}`;
}

/** The same text with a capital at the beginning. */
export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
