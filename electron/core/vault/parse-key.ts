import { AppError } from '../../contract/app-error.ts';
import { MAX_KEY_LENGTH } from '../../contract/routes/key-window.ts';

/**
 * Turns what was typed or pasted into a key: surrounding white space is a habit of copying and is dropped,
 * anything else that no key contains is refused. Throws `secret/empty-key` or `secret/malformed-key` (details.problem).
 */
export function parseKey(raw: string): string {
  // Looked at before anything is searched in it: a paste may be of any length.
  if (raw.length > MAX_KEY_LENGTH * 2) throw malformed('too-long');
  const key = raw.trim();
  if (key.length === 0) throw new AppError('secret/empty-key', 'There is no key in the field.');
  if (key.length > MAX_KEY_LENGTH) throw malformed('too-long');
  const parts = key.split(/\s+/);
  if (parts.length > 1) throw malformed(parts.every(isKeyLike) ? 'several-keys' : 'white-space');
  if (/\p{Cf}|\p{Cc}/u.test(key)) throw malformed('invisible-characters');
  if (!/^[\x21-\x7e]+$/.test(key)) throw malformed('unusual-characters');
  return key;
}

/** The last four characters, or none of a key so short that four would give it away. */
export function lastFour(key: string): string {
  return key.length >= 16 ? key.slice(-4) : '';
}

type Problem = 'too-long' | 'several-keys' | 'white-space' | 'invisible-characters' | 'unusual-characters';

function isKeyLike(part: string): boolean {
  return part.length >= 16 && /^[\x21-\x7e]+$/.test(part);
}

function malformed(problem: Problem): AppError {
  return new AppError('secret/malformed-key', 'That does not look like one API key.', {
    details: { problem },
  });
}
