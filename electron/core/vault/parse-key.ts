import { AppError } from '../../contract/app-error.ts';
import { MAX_KEY_LENGTH } from '../../contract/routes/key-window.ts';

/**
 * Turns what was typed or pasted into a key: surrounding white space is a habit of copying and is dropped,
 * anything else that no key contains is refused. Throws `secret/empty-key` or `secret/malformed-key` (details.problem).
 */
export function parseKey(raw: string): string {
  const key = raw.trim();
  if (key.length === 0) throw new AppError('secret/empty-key', 'There is no key in the field.');
  if (key.length > MAX_KEY_LENGTH) throw malformed('too-long');
  if (/\s/.test(key)) throw malformed('white-space');
  if (!/^[\x21-\x7e]+$/.test(key)) throw malformed('unusual-characters');
  return key;
}

/** The last four characters, or none of a key so short that four would give it away. */
export function lastFour(key: string): string {
  return key.length >= 16 ? key.slice(-4) : '';
}

function malformed(problem: 'too-long' | 'white-space' | 'unusual-characters'): AppError {
  return new AppError('secret/malformed-key', 'That does not look like one API key.', {
    details: { problem },
  });
}
