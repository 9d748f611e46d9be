/** What a `latchkey://` link asks for. */
export type DeepLink =
  | { readonly kind: 'prompt'; readonly prompt: string }
  /** Refused: `reason` is for people, and never quotes the link. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Longest link looked at, in characters; launchers and shells cut far earlier. */
export const MAX_LINK_LENGTH = 32_768;

const PREFIX = 'latchkey://v1/chat?prompt=';

/**
 * Parses a link from outside. Pure and strict: exactly `latchkey://v1/chat?prompt=<percent-encoded text>`, one parameter,
 * nothing before or after it. Never throws.
 */
export function parseDeepLink(raw: string): DeepLink {
  if (raw.length > MAX_LINK_LENGTH) return unknown('it is too long');
  // Matching the raw text rather than a parsed URL: no parser then disagrees with another about hosts, ports or userinfo.
  if (!raw.startsWith(PREFIX)) return unknown('it is not a link this version knows');
  const encoded = raw.slice(PREFIX.length);
  if (!/^[A-Za-z0-9\-._~!'()*+,;:@/?$%]*$/.test(encoded)) return unknown('it carries more than a prompt');
  const prompt = decode(encoded);
  if (prompt === null) return unknown('it is not encoded properly');
  if (prompt.trim().length === 0) return unknown('its prompt is empty');
  if (hasHiddenCharacters(prompt)) return unknown('its prompt contains invisible characters');
  return { kind: 'prompt', prompt };
}

function decode(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    // Malformed percent-encoding or not UTF-8: an expected outcome, told to the person as a refusal.
    return null;
  }
}

/**
 * Characters a reader cannot see but a model reads: controls (but tab and line feed), bidirectional overrides, zero-width
 * and tag characters, lone surrogates. Zero-width joiner and variation selectors stay: scripts and emoji need them.
 */
function hasHiddenCharacters(text: string): boolean {
  return (
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/u.test(
      text,
    ) || /\p{Surrogate}/u.test(text)
  );
}

function unknown(reason: string): DeepLink {
  return { kind: 'unknown', reason };
}
