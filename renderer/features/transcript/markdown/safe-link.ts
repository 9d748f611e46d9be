/** A link that may be offered: `https` or `mailto`, nothing that runs, reads files or hides its target. */
export interface SafeLink {
  readonly url: string;
  readonly host: string;
}

const MAX_URL_LENGTH = 8192;

/** The link as it may be offered, or null when it is to stay plain text. Main judges it again before it opens anything. */
export function toSafeLink(href: string): SafeLink | null {
  if (href.length > MAX_URL_LENGTH || !URL.canParse(href)) return null;
  const url = new URL(href);
  if (url.protocol === 'mailto:') return { url: url.href, host: url.pathname };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  // A name before the host exists to deceive: https://bank.example@evil.example.
  if (url.username !== '' || url.password !== '') return null;
  return { url: url.href, host: url.host };
}
