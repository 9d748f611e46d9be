import { AppError } from '../../contract/app-error.ts';

/** A link a person clicked, checked. */
export interface OutgoingLink {
  /** As the URL parser writes it: punycode hosts, encoded spaces. */
  readonly target: string;
  readonly text: string;
  /** True when the text looks like an address and is another one than the target. */
  readonly isMisleading: boolean;
}

/** Lets https and mailto through, nothing else. Throws `link/blocked`. */
export function parseOutgoingLink(url: string, text: string): OutgoingLink {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const isWeb = parsed?.protocol === 'https:' && parsed.username === '' && parsed.password === '';
  if (parsed === null || !(isWeb || parsed.protocol === 'mailto:')) {
    throw new AppError('link/blocked', 'Only https and mailto links can be opened.');
  }
  return {
    target: parsed.href,
    text: text.slice(0, 200),
    isMisleading: looksLikeOtherAddress(text.trim(), parsed),
  };
}

function looksLikeOtherAddress(text: string, target: URL): boolean {
  const named = /^(?:[a-z]+:\/\/)?((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,})(?:[:/?#]|$)/iu.exec(text)?.[1];
  if (named === undefined) return false;
  const host = URL.canParse(`https://${named}`) ? new URL(`https://${named}`).hostname : named;
  return host.replace(/^www\./, '') !== target.hostname.replace(/^www\./, '');
}
