import { replaceRuns, runsOf } from './replace-runs.ts';

/** What stands in place of a secret. */
export const REDACTED = '[redacted]';

/** Replaces secrets in text that is about to be logged or shown. The one choke point. */
export interface Redactor {
  /** From now on this secret, its usual encodings, and any run of 8 of its secret characters are replaced. */
  protect(secret: string): void;
  redact(text: string): string;
  /** Where whole protected secrets stand in a text, in clear. */
  findSecrets(text: string): readonly { readonly start: number; readonly length: number }[];
}

/** Shorter runs than this are ordinary words and numbers. */
const RUN_LENGTH = 8;

/** What providers put before the secret part: `sk-proj-` alone is in every documentation. */
const PUBLIC_PREFIX = /^(?:sk|pk|rk|gsk|xai|key)-(?:(?:proj|svcacct|admin|ant|or|live|test)-|v\d-|api\d+-)*/i;

/** Anything shaped like a provider key, known or not: a public prefix and at least 8 more characters. */
const KEY_SHAPE = /\b(?:sk|pk|rk|gsk|xai|key)-[A-Za-z0-9_-]{8,}|\bBearer\s+[A-Za-z0-9._~+/=-]{8,}/g;

/** Builds a redactor. Nothing of a secret with fewer than 8 secret characters can be told from ordinary text. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  const encodedForms = new Set<string>();
  const runs = new Set<string>();
  return {
    protect(secret) {
      const secretPart = secret.replace(PUBLIC_PREFIX, '');
      if (secretPart.length < RUN_LENGTH) return;
      secrets.add(secret);
      for (const form of encodingsOf(secret)) encodedForms.add(form);
      for (const run of runsOf(secretPart, RUN_LENGTH)) runs.add(run);
    },
    redact(text) {
      let result = text;
      for (const form of encodedForms) result = result.replaceAll(form, REDACTED);
      return replaceRuns(result, runs, REDACTED).replace(KEY_SHAPE, REDACTED);
    },
    findSecrets: (text) =>
      [...secrets].flatMap((secret) =>
        placesOf(secret, text).map((start) => ({ start, length: secret.length })),
      ),
  };
}

function placesOf(secret: string, text: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) places.push(at);
  return places;
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
