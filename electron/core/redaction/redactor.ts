/** What stands in place of a secret. */
export const REDACTED = '[redacted]';

/** Replaces secrets in text that is about to be logged or shown. The one choke point. */
export interface Redactor {
  /** From now on this secret, and its usual encodings, are replaced. */
  protect(secret: string): void;
  redact(text: string): string;
}

/** Anything shaped like a provider key, known or not: a public prefix and at least 8 more characters. */
const KEY_SHAPE = /\b(?:sk|pk|rk|gsk|xai|key)-[A-Za-z0-9_-]{8,}|\bBearer\s+[A-Za-z0-9._~+/=-]{8,}/g;

/** Builds a redactor. Secrets shorter than 8 characters are not searched for: they would eat ordinary words. */
export function createRedactor(): Redactor {
  const forms = new Set<string>();
  return {
    protect(secret) {
      if (secret.length < 8) return;
      for (const form of encodingsOf(secret)) forms.add(form);
    },
    redact(text) {
      let result = text;
      for (const form of forms) result = result.replaceAll(form, REDACTED);
      return result.replace(KEY_SHAPE, REDACTED);
    },
  };
}

function encodingsOf(secret: string): readonly string[] {
  return [
    secret,
    Buffer.from(secret, 'utf8').toString('base64').replace(/=+$/, ''),
    Buffer.from(secret, 'utf8').toString('base64url'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}
