import { gramsMatching, hasUnspaced } from './unspaced-scripts.ts';

/** More of a query than this is not looked at: it is typed by hand, and each term costs a lookup. */
const MAX_QUERY_LENGTH = 400;
/** See {@link MAX_QUERY_LENGTH}. */
const MAX_TERMS = 16;
/** Terms up to this length are searched as substrings: a person who typed two letters has not yet typed a word. */
const MAX_SUBSTRING_LENGTH = 2;

/** One part of a query. A message is a hit when all parts are in it. */
export interface SearchTerm {
  readonly text: string;
  /** `prefix`: the word that is being typed. `substring`: found wherever it stands. */
  readonly kind: 'phrase' | 'prefix' | 'substring';
}

/** What a query asks of the database. */
export interface SearchPlan {
  readonly terms: readonly SearchTerm[];
  /** FTS5 expression over the index of words, or null. */
  readonly words: string | null;
  /** FTS5 expression over the index of neighbouring characters, or null. A hit of it must still contain the substrings. */
  readonly grams: string | null;
  /** LIKE patterns, with `\` as escape character. */
  readonly patterns: readonly string[];
}

/** Reads what was typed: words (all must occur), "phrases", and the last word as a prefix. Any text is a query; null: an empty one. */
export function parseSearchQuery(query: string): SearchPlan | null {
  const terms = readTerms(cut(query)).slice(0, MAX_TERMS);
  if (terms.length === 0) return null;
  const words = terms.filter(({ kind }) => kind !== 'substring').map(toWordExpression);
  const substrings = terms.filter(({ kind }) => kind === 'substring').map(({ text }) => text);
  const grams = substrings.filter(hasUnspaced).map(gramsMatching);
  return {
    terms,
    words: words.length === 0 ? null : words.join(' AND '),
    grams: grams.length === 0 ? null : grams.join(' AND '),
    patterns: substrings.map((text) => `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`),
  };
}

/** Bounded, and without what the history never stores: NUL and lone surrogates (also halves made by the cut). */
function cut(query: string): string {
  return query
    .slice(0, MAX_QUERY_LENGTH)
    .replaceAll('\0', ' ')
    .replace(/\p{Surrogate}/gu, ' ');
}

function readTerms(query: string): SearchTerm[] {
  // A quotation mark opens a phrase; one that is never closed is still being typed and runs to the end.
  const found = [...query.matchAll(/"([^"]*)("|$)|[^\s"]+/g)];
  return found.flatMap((match, index) => {
    const isPhrase = match[1] !== undefined;
    const text = (match[1] ?? match[0]).trim();
    if (text === '') return [];
    const isTyped = index === found.length - 1 && match[2] !== '"' && !/\s$/.test(query);
    return [{ text, kind: kindOf(text, isTyped && !isPhrase) }];
  });
}

function kindOf(text: string, isBeingTyped: boolean): SearchTerm['kind'] {
  const isShort = [...text].length <= MAX_SUBSTRING_LENGTH;
  // Signs alone ("->", an emoji) are no words: the index of words does not know them.
  if (isShort || hasUnspaced(text) || !/[\p{L}\p{N}]/u.test(text)) return 'substring';
  return isBeingTyped ? 'prefix' : 'phrase';
}

/** Quoted, a text is only text to FTS5: no operator, no column, no wildcard. */
function toWordExpression({ text, kind }: SearchTerm): string {
  return `"${text.replaceAll('"', ' ')}"${kind === 'prefix' ? ' *' : ''}`;
}
