import { Lexer } from 'marked';
import { describe, expect, it } from 'vitest';
import { BlockStream } from './block-stream.ts';

const corpus: readonly (readonly [string, string])[] = [
  ['paragraphs', 'One line\nand the next.\n\nAnother *one*.\n\n\n\nLast'],
  ['headings', '# One\nText\n\nTwo\n===\n\nThree\n---\ntext\n## Four ##\n'],
  [
    'a list that goes on after a blank line',
    '- a\n\n- b\n\n  more of b\n- c\n\ntext\n1. x\n2. y\n\n   z\n\nend',
  ],
  [
    'nested and task lists',
    '- [ ] todo\n- [x] done\n  - inner\n    1. deep\n\n        code\n* other\n\n+ third\n',
  ],
  [
    'code',
    'Before\n```ts\nconst a = `x`;\n\n\n# not a heading\n```\nAfter\n\n    indented\n\n    more\n\nEnd\n~~~\nopen',
  ],
  ['a table', 'Intro\n| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 |\n\nAfter\na | b\n--|--\n1 | 2\n'],
  ['quotes', '> one\ntwo\n> - three\n>\n> four\n\n> five\n\nsix\n>seven'],
  ['raw html', '<div>\n*a*\n\n</div>\n\n<script>\n\nalert(1)\n\n</script>\nafter\n<!-- c\n\nd --> x\n\nend'],
  ['rules and definitions', 'a\n\n***\n\n[x]: https://example.com\n\n[x] and [y][x]\n\n---\nb\n- - -\n'],
  ['windows line ends', '# A\r\n\r\n- b\r\n- c\r\n\r\n```\r\ncode\r\n```\r\nend\r\n'],
  ['an empty bullet after a list', '- a\n\n-\n- b\n\n-\n\ntext\n*\n'],
  ['tabs and spaces', '-\ta\n\n\tb\n\n \n  \nc\n\t\n    d\n'],
];

function whole(text: string): readonly string[] {
  const stream = new BlockStream();
  stream.update(text);
  return stream.blocks;
}

describe('BlockStream', () => {
  it.each(corpus)('gives the same blocks however it is cut: %s', (_name, text) => {
    const atOnce = whole(text);
    for (let cut = 0; cut <= text.length; cut += 1) {
      const stream = new BlockStream();
      stream.update(text.slice(0, cut));
      expect(stream.blocks).toEqual(whole(text.slice(0, cut)));
      stream.update(text);
      expect(stream.blocks, `cut at ${cut}`).toEqual(atOnce);
    }
  });

  it.each(corpus)('gives the same blocks one character at a time: %s', (_name, text) => {
    const stream = new BlockStream();
    for (let end = 1; end <= text.length; end += 1) stream.update(text.slice(0, end));
    expect(stream.blocks).toEqual(whole(text));
  });

  it.each(corpus.filter(([name]) => !name.includes('definitions') && !name.includes('windows')))(
    'cuts where marked cuts a whole text: %s',
    (_name, text) => {
      const tokens = Lexer.lex(text).filter((token) => token.type !== 'space');
      expect(whole(text).map((block) => block.trimEnd())).toEqual(tokens.map((token) => token.raw.trimEnd()));
    },
  );

  it('keeps finished groups as they are', () => {
    const stream = new BlockStream();
    const text = Array.from({ length: 60 }, (_, index) => `Paragraph ${index}`).join('\n\n');
    stream.update(text);
    const [first] = stream.groups;
    stream.update(`${text} and more\n\nNext`);
    expect(stream.groups[0]).toBe(first);
    expect(stream.blocks).toHaveLength(61);
  });

  it('starts again when the text is another one', () => {
    const stream = new BlockStream();
    stream.update('One\n\nTwo\n\nThree');
    stream.update('Other');
    expect(stream.blocks).toEqual(['Other']);
  });
});
