import { describe, expect, it } from 'vitest';
import { lexBlock, splitBlocks } from './bounded-lexer.ts';

const size = 100_000;

function fill(piece: string): string {
  return piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
}

/** Inputs that make ordinary Markdown parsers recurse or backtrack until the window hangs. */
const hostile: readonly (readonly [string, string])[] = [
  ['4,000 quote marks', '>'.repeat(4_000)],
  ['4,000 spaced quote marks', '> '.repeat(4_000)],
  [
    'quotes, deeper every line',
    Array.from({ length: 300 }, (_, depth) => `${'> '.repeat(depth)}x`).join('\n'),
  ],
  ['4,000 bullets', '- '.repeat(4_000)],
  [
    'lists, deeper every line',
    Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n'),
  ],
  ['ordered lists in a line', '1. '.repeat(4_000)],
  ['mixed quotes and lists', '> - '.repeat(3_000)],
  ['emphasis that never closes', fill('*a_ ')],
  ['emphasis openers', fill('**a ')],
  ['underscores', fill('_')],
  ['stars', fill('*')],
  ['tildes', fill('~~a ')],
  ['opening brackets', fill('[')],
  ['link openers', fill('[a](')],
  ['images in images', fill('![')],
  ['backticks of growing length', Array.from({ length: 400 }, (_, n) => '`'.repeat(n)).join('a')],
  ['angle brackets', fill('<')],
  ['open tags', fill('<a ')],
  ['comments', fill('<!-- ')],
  ['backslashes', fill('\\')],
  ['autolinks', fill('www.a.')],
  ['addresses', fill('a@')],
  ['entities', fill('&#x1F600;')],
  ['table pipes', `a|b\n-|-\n${fill('|')}`],
  ['table rows', `a|b\n-|-\n${fill('a|b\n')}`],
  ['a very wide table', `${fill('a|')}\n${fill('-|')}\n`],
  ['blank lines', fill('\n')],
  ['spaces', fill(' ')],
  ['hashes', fill('# ')],
  ['rules', fill('- - -\n')],
  ['setext candidates', fill('a\n=\n')],
  ['fences', fill('```\n')],
  ['one endless word', fill('a')],
  ['null and control characters', fill('\u0000\u001b[31m')],
  ['direction marks', fill('\u202e\u2066x')],
];

describe('hostile Markdown', () => {
  it.each(hostile)('is read whole and without an error: %s', (_name, text) => {
    const blocks = splitBlocks(text);
    for (const block of blocks) lexBlock(block.raw);
    expect(
      blocks
        .map((block) => block.raw)
        .join('')
        .trimEnd(),
    ).toBe(text.trimEnd());
  });
});
