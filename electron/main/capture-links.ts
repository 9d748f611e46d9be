import { MAX_LINK_LENGTH } from '../core/links/parse-deep-link.ts';

/** Holds deep links that arrive before anyone can take them. */
export interface LinkCapture {
  receive(raw: string): void;
  /** Hands over what has arrived, and from now on whatever arrives. */
  deliverTo(receiver: (raw: string) => void): void;
}

/** Builds an empty capture. */
export function captureLinks(): LinkCapture {
  const early: string[] = [];
  let deliver = (raw: string): void => void early.push(raw);
  return {
    receive: (raw) => deliver(raw),
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
