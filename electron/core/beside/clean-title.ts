import type { KeySpotter } from '../vault/key-spotter.ts';
import type { Redactor } from '../redaction/redactor.ts';

/** Longest title taken from a model, in characters. */
export const MAX_MODEL_TITLE_LENGTH = 60;

/** Quotation marks of most languages, and Markdown's. */
const MARKS = /["“”„‟«»‹›「」『』`*_#>~|]+/gu;
/** What shows nothing or turns text around. The joiners stay: Persian and emoji are written with them. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cf}\p{Co}\p{Cn}\p{Surrogate}]/gu;
/** Marks piled upon one letter until they cover other lines. */
const PILED_MARKS = /(\p{M}{3})\p{M}+/gu;

/** What finds secrets in a text. */
export interface SecretFinders {
  readonly keySpotter: KeySpotter;
  readonly redactor: Pick<Redactor, 'redact'>;
}

/**
 * A title from what a model wrote, which is as hostile as any answer: one line of at most 60 characters, without control
 * characters, quotation marks and Markdown. null when nothing is left, or when there seems to be a key in it.
 */
export function cleanTitle(written: string, { keySpotter, redactor }: SecretFinders): string | null {
  const line = withoutThoughts(written)
    .split(/[\n\r\u0085\u2028\u2029]/u, 50)
    .map(cleanLine)
    .find((candidate) => /[\p{L}\p{N}]/u.test(candidate));
  if (line === undefined) return null;
  // Before it is shortened: half a key is a secret, too.
  if (keySpotter(line).length > 0 || redactor.redact(line) !== line) return null;
  return shorten(line);
}

function cleanLine(line: string): string {
  return line
    .slice(0, 1_000)
    .replace(/\p{Cc}+/gu, ' ')
    .replace(UNSEEN, '')
    .replace(PILED_MARKS, '$1')
    .replace(MARKS, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/^(?:title|titel|titre|título)\s*:\s*/iu, '')
    .replace(/^'(.*)'$/u, '$1')
    .replace(/[\s.。,;:]+$/u, '')
    .trim();
}

/** Some local models write what they think in front. Without an end, there is nothing but thoughts. */
function withoutThoughts(written: string): string {
  const rest = written.replace(/^\s*<think>[\s\S]*?<\/think>/u, '');
  return /^\s*<think>/u.test(rest) ? '' : rest;
}

function shorten(line: string): string {
  const characters = [...line];
  if (characters.length <= MAX_MODEL_TITLE_LENGTH) return line;
  const cut = characters.slice(0, MAX_MODEL_TITLE_LENGTH - 1).join('');
  const wordEnd = cut.lastIndexOf(' ');
  return `${wordEnd > MAX_MODEL_TITLE_LENGTH / 2 ? cut.slice(0, wordEnd) : cut.trimEnd()}…`;
}
