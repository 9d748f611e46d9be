import type {
  Connection,
  KeyBreadth,
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
  expired: 'expired',
  rejected: 'refused by the provider',
};

/** Where the key in use of a connection rests, or what is wrong with it. */
export function summariseConnection(
  { key, needsKey, policyRefusal }: Connection,
  keystore: KeystoreStatus | undefined,
): KeySummary {
  if (policyRefusal !== null) return { line: 'Not allowed by your organisation', tone: 'danger' };
  if (key !== null) return summariseKey(key, keystore, Date.now());
  return needsKey
    ? { line: 'Key missing', tone: 'danger' }
    : { line: 'No key needed (this computer only)', tone: 'plain' };
}

/** Where a key rests, what is wrong with it, or what it is time to think of. The keystore says why a key has to wait. */
export function summariseKey(key: KeyStatus, keystore: KeystoreStatus | undefined, now: number): KeySummary {
  if (key.state === 'session-only') return { line: 'this session only', tone: 'warn' };
  if (isWaiting(key)) {
    const line = describeKeystore(keystore) ?? problems.locked;
    return { line, tone: keystore?.kind === 'checking' ? 'plain' : 'warn' };
  }
  if (key.state === 'other-backend') return { line: `in ${key.restsIn}, not in use now`, tone: 'danger' };
  if (key.state !== 'ok') return { line: problems[key.state], tone: 'danger' };
  const [reminder] = remindersOf(key, now);
  const line = `in ${key.restsIn}`;
  return reminder === undefined
    ? { line, tone: 'plain' }
    : { line: `${line}; ${reminder.short}`, tone: 'warn' };
}

/** Something about a key that is no trouble yet. */
export interface KeyReminder {
  /** A few words, e.g. "7 months old". */
  readonly short: string;
  /** What to do, in a sentence. */
  readonly advice: string;
}

const DAY_MS = 86_400_000;
/** Half a year: long enough not to nag, short enough that a key nobody thinks of is thought of. */
const OLD_AFTER_DAYS = 180;
const EXPIRES_SOON_DAYS = 7;

/** What to think of about a key, most pressing first. */
export function remindersOf(key: KeyStatus, now: number): readonly KeyReminder[] {
  const ageDays = Math.floor((now - key.createdAt) / DAY_MS);
  const leftDays = key.expiresAt === null ? null : Math.ceil((key.expiresAt - now) / DAY_MS);
  const reminders: KeyReminder[] = [];
  if (leftDays !== null && leftDays > 0 && leftDays <= EXPIRES_SOON_DAYS) {
    const when = leftDays === 1 ? 'tomorrow' : `in ${leftDays} days`;
    reminders.push({ short: `expires ${when}`, advice: `It expires ${when}. Replace it before that.` });
  }
  const breadth = breadthAdvice[key.breadth];
  if (breadth !== null) reminders.push(breadth);
  if (ageDays >= OLD_AFTER_DAYS) {
    const short = `${Math.floor(ageDays / 30)} months old`;
    const advice = `It was entered ${short.replace(' old', '')} ago. Make a new one at the provider, replace it here, and revoke the old one.`;
    reminders.push({ short, advice });
  }
  return reminders;
}

const breadthAdvice: Readonly<Record<KeyBreadth, KeyReminder | null>> = {
  admin: {
    short: 'administers an organisation',
    advice:
      'It can administer a whole organisation, which chatting never needs. Use a project key with a spend limit instead.',
  },
  account: {
    short: 'not limited to a project',
    advice: 'It can do whatever its account can. A key of one project, with a spend limit, would risk less.',
  },
  project: null,
  unknown: null,
};

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
