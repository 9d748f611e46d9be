import { describe, expect, it } from 'vitest';
import { takeSentences } from './take-sentences.ts';

describe('takeSentences', () => {
  it.each([
    ['One. Two is not yet', 'One.', 4],
    ['Nothing whole', '', 0],
    ['3.14 is no end', '', 0],
    ['# Title\n**Bold** text. Rest', 'Title Bold text.', 22],
    ['一句。另', '一句。', 3],
    ['See [this](https://example.com). Next', 'See this.', 32],
  ])('%s', (text, sentences, length) => {
    expect(takeSentences(text)).toEqual({ sentences, length });
  });
});
