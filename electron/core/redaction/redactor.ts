/** What stands in place of a secret. */
export const REDACTED = '[redacted]';

/** Replaces secrets in text that is about to be logged or shown. The one choke point. */
export interface Redactor {
  /** From now on this secret, its usual encodings, and any run of 8 of its secret characters are replaced. */
  protect(secret: string): void;
  redact(text: string): string;
}

/** Shorter runs than this are ordinary words and numbers. */
const RUN_LENGTH = 8;

/** What providers put before the secret part: `sk-proj-` alone is in every documentation. */
const PUBLIC_PREFIX = /^(?:sk|pk|rk|gsk|xai|key)-(?:(?:proj|svcacct|admin|ant|or|live|test)-|v\d-|api\d+-)*/i;

/** Anything shaped like a provider key, known or not: a public prefix and at least 8 more characters. */
const KEY_SHAPE = /\b(?:sk|pk|rk|gsk|xai|key)-[A-Za-z0-9_-]{8,}|\bBearer\s+[A-Za-z0-9._~+/=-]{8,}/g;

/** Builds a redactor. Nothing of a secret with fewer than 8 secret characters can be told from ordinary text. */
export function createRedactor(): Redactor {
  const encodedForms = new Set<string>();
  const runs = new Set<string>();
  return {
    protect(secret) {
      const secretPart = secret.replace(PUBLIC_PREFIX, '');
      if (secretPart.length < RUN_LENGTH) return;
      for (const form of encodingsOf(secret)) encodedForms.add(form);
      for (let start = 0; start + RUN_LENGTH <= secretPart.length; start += 1) {
        runs.add(secretPart.slice(start, start + RUN_LENGTH));
      }
    },
    redact(text) {
      let result = text;
      for (const form of encodedForms) result = result.replaceAll(form, REDACTED);
      return replaceRuns(result, runs).replace(KEY_SHAPE, REDACTED);
    },
  };
}

/** Replaces every stretch of text that consists of overlapping known runs. */
function replaceRuns(text: string, runs: ReadonlySet<string>): string {
  if (runs.size === 0) return text;
  const parts: string[] = [];
  let kept = 0;
  for (let start = 0; start + RUN_LENGTH <= text.length; start += 1) {
    if (!runs.has(text.slice(start, start + RUN_LENGTH))) continue;
    let end = start + RUN_LENGTH;
    while (runs.has(text.slice(end - RUN_LENGTH + 1, end + 1))) end += 1;
    parts.push(text.slice(kept, start), REDACTED);
    kept = end;
    start = end - 1;
  }
  return parts.join('') + text.slice(kept);
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
