import { MAX_LINK_LENGTH } from '../core/links/parse-deep-link.ts';

/** Holds deep links that arrive before anyone can take them. */
export interface LinkCapture {
  receive(raw: string): void;
  /** Hands over what has arrived, and from now on whatever arrives. */
  deliverTo(receiver: (raw: string) => void): void;
}

/**
 * A second instance sends its whole command line and what it hands over in one message of at most 32 KiB. Chromium takes
 * a first instance that does not get the message for hung and KILLS it, so a long link must not come that far.
 */
const MAX_MESSAGE_BYTES = 28_000;

/** Stands on the command line in place of a link that was too long for it. */
export const OVERLONG_LINK = 'latchkey:too-long';

/** Whether the single-instance message with this link could be lost. Both copies count: in `argv` and handed over. */
export function isTooLongToHandOver(argv: readonly string[], link: string | null): boolean {
  if (link === null || link === OVERLONG_LINK) return false;
  // V8 writes a string with one byte for each character, or two for each when any of them needs it.
  const handedOver = link.length * (/[^\0-\u00ff]/.test(link) ? 2 : 1);
  return Buffer.byteLength(argv.join(' ')) + handedOver > MAX_MESSAGE_BYTES;
}

/** Builds an empty capture. */
export function captureLinks(): LinkCapture {
  const early: string[] = [];
  let deliver = (raw: string): void => void early.push(raw);
  return {
    // The parser then gives the right reason for refusing it.
    receive: (raw) => deliver(raw === OVERLONG_LINK ? raw.padEnd(MAX_LINK_LENGTH + 1, '.') : raw),
    deliverTo(receiver) {
      deliver = receiver;
      for (const raw of early.splice(0)) receiver(raw);
    },
  };
}

/** What a second instance hands to the first: one bounded link. Longer ones stay too long, and are refused as such. */
export function linkForHandOver(link: string | null): { readonly link: string | null } {
  return { link: link === null ? null : link.slice(0, MAX_LINK_LENGTH + 1) };
}

/** Reads what a second instance handed over: any process of this account could have sent it. */
export function linkFromHandOver(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('link' in data)) return null;
  return typeof data.link === 'string' ? data.link.slice(0, MAX_LINK_LENGTH + 1) : null;
}
