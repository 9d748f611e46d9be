import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSnippetMaker, withoutMarks } from './make-snippet.ts';
import { parseSearchQuery } from './parse-search-query.ts';

function marked(text: string, query: string): string {
  const snippet = createSnippetMaker(parseSearchQuery(query)?.terms ?? [])(text);
  return snippet.ranges
    .toReversed()
    .reduce(
      (shown, [start, end]) => `${shown.slice(0, start)}[${shown.slice(start, end)}]${shown.slice(end)}`,
      snippet.text,
    );
}

describe('a snippet', () => {
  it.each([
    ['A lease beats a lock.', 'lea', 'A [lea]se beats a lock.'],
    ['A lease beats a lock.', 'LEASE ', 'A [lease] beats a lock.'],
    ['Release the lease', 'lease ', 'Release the [lease]'],
    ['Crème brûlée, creme', 'creme ', '[Crème] brûlée, [creme]'],
    ['Cre\u0300me', 'creme', '[Cre\u0300me]'],
    ['ÉCOLE', 'école', '[ÉCOLE]'],
    ['user-name and user name', '"user name"', '[user-name] and [user name]'],
    ['東京都に住む', '京都', '東[京都]に住む'],
    ['a.b*c and axb', 'b*', 'a.[b*]c and axb'],
    ['two\n\n  lines\tand\u0000signs\u202e!', 'lines', 'two [lines] and signs !'],
    ['nothing of it', 'elsewhere', 'nothing of it'],
    ['<b>bold</b> & more', 'bold', '<b>[bold]</b> & more'],
    ['lease leases', 'lease', '[lease] [lease]s'],
  ])('of %j for %j is %j', (text, query, expected) => {
    expect(marked(text, query)).toBe(expected);
  });

  it('of an answer has no Markdown signs, unless they are searched for', () => {
    const text = '# Head\n\nA **lease** and `code`\n\n| a | b |\n| - | :-: |\n\n> 2 * 3 > 5';
    const shown = (query: string) => withoutMarks(text, parseSearchQuery(query)?.terms ?? []);
    expect(shown('lease').replace(/\s+/g, ' ')).toBe('Head A lease and code a b 2 * 3 > 5');
    expect(shown('**')).toBe(text);
  });

  it('shows the passage with the hit, wherever it is in a long message', () => {
    const text = `${'filler '.repeat(5_000)}needle ${'more '.repeat(5_000)}`;
    const { text: shown, ranges } = createSnippetMaker(parseSearchQuery('needle')?.terms ?? [])(text);
    expect(shown.length).toBeLessThanOrEqual(170);
    expect(shown).toMatch(/^… (?:filler )+needle(?: more)+ …$/);
    expect(shown.slice(...(ranges[0] ?? []))).toBe('needle');
  });

  it('has ranges inside its text, ascending and apart, and no half characters, for any text and query', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 600 }),
        fc.string({ unit: 'grapheme', maxLength: 12 }),
        (text, query) => {
          const snippet = createSnippetMaker(parseSearchQuery(query)?.terms ?? [])(text);
          expect(snippet.text).not.toMatch(/\p{Surrogate}/u);
          let end = -1;
          for (const [from, to] of snippet.ranges) {
            expect(from).toBeGreaterThan(end);
            expect(to).toBeGreaterThan(from);
            end = to;
          }
          expect(end).toBeLessThanOrEqual(snippet.text.length);
        },
      ),
    );
  });
});
