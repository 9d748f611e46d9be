/**
 * Characters of scripts that are written without spaces between words (Chinese, Japanese, Thai, ...), and of Korean, in which
 * a word carries its particles. Word search finds nothing inside their runs, so they are searched as substrings.
 */
const UNSPACED =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Bopomofo}\\p{scx=Hangul}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}\\p{scx=Tibetan}\\p{scx=Yi}';

const RUNS = new RegExp(`[${UNSPACED}]+`, 'gu');
const ANY = new RegExp(`[${UNSPACED}]`, 'u');

/** Whether a text has a character of these scripts. */
export function hasUnspaced(text: string): boolean {
  return ANY.test(text);
}

/** The unbroken runs of these scripts in a text. */
export function unspacedRuns(text: string): readonly string[] {
  return text.match(RUNS) ?? [];
}

/** The text with those runs taken out: what the index of words sees. */
export function withoutUnspaced(text: string): string {
  return text.replace(RUNS, ' ');
}

/**
 * The distinct pairs of neighbouring characters in the runs of a text, and the last character of each run alone, as terms
 * of fixed-width hexadecimal: a single character is then the prefix of every term it begins.
 */
export function gramsOf(text: string): readonly string[] {
  const grams = new Set<string>();
  for (const run of unspacedRuns(text)) {
    const codes = [...run].map(codeOf);
    codes.forEach((code, index) => grams.add(code + (codes[index + 1] ?? '')));
  }
  return [...grams];
}

/** An FTS5 expression that every text with all runs of `term` matches. */
export function gramsMatching(term: string): string {
  return unspacedRuns(term).flatMap(runToTerms).join(' AND ');
}

function runToTerms(run: string): string[] {
  const codes = [...run].map(codeOf);
  if (codes.length === 1) return [`${codes[0]}*`].map(quotePrefix);
  return codes.slice(0, -1).map((code, index) => `"${code}${codes[index + 1]}"`);
}

function quotePrefix(term: string): string {
  return `"${term.slice(0, -1)}"*`;
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(6, '0');
}
