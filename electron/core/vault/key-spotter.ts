import { AppError } from '../../contract/app-error.ts';
import type { Redactor } from '../redaction/redactor.ts';
import { findKeysInText, type Stretch } from './key-shape.ts';

/** The stretches of a text that are, or look like, an API key. */
export type KeySpotter = (text: string) => readonly Stretch[];

/** Shorter secrets, a proxy's password among them, may be ordinary words of a message. */
const MIN_KNOWN_LENGTH = 20;

/** Knows the published shapes, and every key of the vault whatever its shape. */
export function createKeySpotter(redactor: Redactor): KeySpotter {
  return (text) => {
    const byShape = findKeysInText(text);
    const known = redactor.findSecrets(text).filter(({ length }) => length >= MIN_KNOWN_LENGTH);
    const isOverlapped = (one: Stretch) =>
      byShape.some((other) => one.start < other.start + other.length && other.start < one.start + one.length);
    return [...byShape, ...known.filter((stretch) => !isOverlapped(stretch))].toSorted(
      (one, other) => one.start - other.start,
    );
  };
}

/** For fields that are stored and shown in clear: a key that was pasted into the wrong one. Throws `secret/key-in-field`. */
export function assertNoKeyIn(fields: readonly (string | null | undefined)[], spot: KeySpotter): void {
  if (fields.some((field) => field != null && spot(field).length > 0))
    throw new AppError(
      'secret/key-in-field',
      'There seems to be an API key in a field that is kept in clear.',
    );
}

/** The same for a system prompt, which is named in `details`. */
export function assertNoKeyInPrompt(systemPrompt: string | undefined, spot: KeySpotter): void {
  if (systemPrompt === undefined || spot(systemPrompt).length === 0) return;
  throw new AppError('secret/key-in-field', 'There seems to be an API key in a system prompt.', {
    details: { field: 'systemPrompt' },
  });
}

/** For what a conversation sends along with every message. Throws `secret/key-in-message`, saying which of them it is in. */
export function assertNoKeyAlong(
  along: Readonly<Record<'systemPrompt' | 'summary', string | null>>,
  spot: KeySpotter,
): void {
  for (const [place, text] of Object.entries(along)) {
    if (text === null || spot(text).length === 0) continue;
    throw new AppError('secret/key-in-message', 'There seems to be an API key in what goes along.', {
      details: { place },
    });
  }
}
