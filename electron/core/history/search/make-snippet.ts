import type { SearchTerm } from './parse-search-query.ts';

/** Plain text around a hit. `ranges` are the found parts: pairs of start and end in UTF-16 units, ascending, apart. */
export interface Snippet {
  readonly text: string;
  readonly ranges: readonly (readonly [start: number, end: number])[];
}

/** Two to three lines of a narrow sidebar. */
const SNIPPET_LENGTH = 160;
/** So much of it stands before the hit. */
const LEAD_LENGTH = 40;
/** Ranges beyond this are not marked: a snippet is to be read. */
const MAX_RANGES = 12;

/** Returns what cuts the passage with the first hit out of a message: one line, no control characters, never markup. */
export function createSnippetMaker(terms: readonly SearchTerm[]): (text: string) => Snippet {
  const patterns = terms.flatMap((term) => patternOf(term) ?? []);
  return (text) => cutSnippet(text, patterns);
}

function cutSnippet(text: string, patterns: readonly RegExp[]): Snippet {
  const first = firstHit(text, patterns);
  const start = first <= LEAD_LENGTH ? 0 : wordStart(text, first - LEAD_LENGTH, first);
  // Collapsing only shortens, so twice the length is plenty in all but texts of blanks.
  const passage = flatten(text.slice(start, start + SNIPPET_LENGTH * 4));
  const body = passage.slice(0, wordEnd(passage, SNIPPET_LENGTH));
  const isCutBefore = start > 0;
  const isCutAfter = body.length < passage.length || start + SNIPPET_LENGTH * 4 < text.length;
  const shown = `${isCutBefore ? '… ' : ''}${body.trim()}${isCutAfter ? ' …' : ''}`;
  return { text: shown, ranges: rangesIn(shown, patterns) };
}

/** An answer without the signs that only its layout needs, unless one of them is what is searched for. */
export function withoutMarks(text: string, terms: readonly SearchTerm[]): string {
  if (terms.some((term) => /[*`#>|_]/.test(term.text))) return text;
  return text.replace(/\*\*|`+|^[ \t]*(?:#{1,6}|>)[ \t]+|\|(?:[ \t]*:?-+:?[ \t]*\|)+|\|/gm, '');
}

/** Where the terms stand in a text. Overlapping finds become one. */
function rangesIn(text: string, patterns: readonly RegExp[]): [number, number][] {
  const found = patterns.flatMap((pattern) => findAll(text, pattern)).sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [start, end] of found) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged.slice(0, MAX_RANGES);
}

function firstHit(text: string, patterns: readonly RegExp[]): number {
  const starts = patterns.flatMap((pattern) => findAll(text, pattern, 1).map(([start]) => start));
  return starts.length === 0 ? 0 : Math.min(...starts);
}

function findAll(text: string, pattern: RegExp, limit = MAX_RANGES): [number, number][] {
  const found: [number, number][] = [];
  for (const match of text.matchAll(pattern)) {
    if (match[0] === '') continue;
    found.push([match.index, match.index + match[0].length]);
    if (found.length === limit) break;
  }
  return found;
}

/** The words of a term, in order, with the same freedom as the index: any case, any accents, any signs in between. */
function patternOf({ text, kind }: SearchTerm): RegExp | null {
  if (kind === 'substring') return new RegExp(escape(text), 'gi');
  const words = text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  if (words.length === 0) return null;
  const body = words.map(withAnyAccents).join(String.raw`[^\p{L}\p{N}]+`);
  const end = kind === 'prefix' ? '' : String.raw`(?![\p{L}\p{N}])`;
  return new RegExp(String.raw`(?<![\p{L}\p{N}])${body}${end}`, 'giu');
}

function withAnyAccents(word: string): string {
  return [...word.normalize('NFD').replace(/\p{M}/gu, '')].map(withAnyAccent).join('');
}

function withAnyAccent(character: string): string {
  const variants = VARIANTS.get(character.toLowerCase());
  const plain = escape(character);
  return `${variants === undefined ? plain : `[${plain}${variants}]`}\\p{M}*`;
}

/** Accented letters by the letter below the accent, of the blocks in which Latin, Greek and Cyrillic keep them. */
const VARIANTS: ReadonlyMap<string, string> = variantsIn([
  [0xc0, 0x24f],
  [0x370, 0x3ff],
  [0x400, 0x4ff],
  [0x1e00, 0x1fff],
]);

function variantsIn(blocks: readonly (readonly [number, number])[]): Map<string, string> {
  const variants = new Map<string, string>();
  for (const [from, to] of blocks) {
    for (let code = from; code <= to; code += 1) {
      const character = String.fromCodePoint(code);
      const base = [...character.normalize('NFD')][0]?.toLowerCase() ?? character;
      if (base !== character.toLowerCase()) variants.set(base, (variants.get(base) ?? '') + character);
    }
  }
  return variants;
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, (sign) => `\\${sign}`);
}

function flatten(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ');
}

/** The beginning of the first whole word between two places; writing without spaces is cut between characters. */
function wordStart(text: string, from: number, to: number): number {
  if (/\s/.test(text.charAt(from - 1))) return from;
  const space = text.slice(from, to).search(/\s/);
  return space === -1 ? wholeCharacter(text, from) : from + space + 1;
}

/** The end of the last whole word before a place, unless that would cost much of the passage. */
function wordEnd(text: string, at: number): number {
  if (text.length <= at) return text.length;
  const space = text.lastIndexOf(' ', at);
  return space > at - LEAD_LENGTH ? space : wholeCharacter(text, at);
}

/** The index, or the one before it when it would cut a surrogate pair. */
function wholeCharacter(text: string, index: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(index)) ? index - 1 : index;
}
