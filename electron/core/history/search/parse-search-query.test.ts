import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSearchQuery } from './parse-search-query.ts';

describe('a search query', () => {
  it.each([
    ['lease', ['prefix lease'], '"lease" *', null, []],
    ['lease ', ['phrase lease'], '"lease"', null, []],
    ['lease lock', ['phrase lease', 'prefix lock'], '"lease" AND "lock" *', null, []],
    ['"a lease" lock', ['phrase a lease', 'prefix lock'], '"a lease" AND "lock" *', null, []],
    ['"half a phr', ['phrase half a phr'], '"half a phr"', null, []],
    ['le', ['substring le'], null, null, ['%le%']],
    ['plan b', ['phrase plan', 'substring b'], '"plan"', null, ['%b%']],
    ['100%_\\', ['prefix 100%_\\'], '"100%_\\" *', null, []],
    ['%', ['substring %'], null, null, ['%\\%%']],
    ['->>', ['substring ->>'], null, null, ['%->>%']],
    ['漢字', ['substring 漢字'], null, '"006f22005b57"', ['%漢字%']],
    ['漢', ['substring 漢'], null, '"006f22"*', ['%漢%']],
    ['NOT a:b*', ['phrase NOT', 'prefix a:b*'], '"NOT" AND "a:b*" *', null, []],
    ['Node入門 guide', ['substring Node入門', 'prefix guide'], '"guide" *', '"005165009580"', ['%Node入門%']],
  ])('%j', (query, terms, words, grams, patterns) => {
    const plan = parseSearchQuery(query);
    expect(plan?.terms.map(({ kind, text }) => `${kind} ${text}`)).toEqual(terms);
    expect([plan?.words, plan?.grams, plan?.patterns]).toEqual([words, grams, patterns]);
  });

  it.each(['', '   ', '""', '" "', '\0', '\ud800'])('%j asks for nothing', (query) => {
    expect(parseSearchQuery(query)).toBeNull();
  });

  it('is bounded, whatever is pasted', () => {
    const plan = parseSearchQuery('word '.repeat(20_000));
    expect(plan?.terms).toHaveLength(16);
    expect(plan?.words?.length).toBeLessThan(400);
  });

  it('never carries a bare quotation mark, NUL or lone surrogate into an expression', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (query) => {
        const plan = parseSearchQuery(query);
        for (const expression of [plan?.words ?? '', plan?.grams ?? '']) {
          expect(expression).not.toMatch(/\0|\p{Surrogate}/u);
          expect(expression.split('"').length % 2).toBe(1);
        }
      }),
    );
  });
});
