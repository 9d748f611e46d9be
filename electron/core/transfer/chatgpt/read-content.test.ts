import { describe, expect, it } from 'vitest';
import { MAX_CITATIONS } from '../../history/transfer/transferred.ts';
import { readCitations } from './read-content.ts';

const marker = (name: string): string => ` \ue200cite\ue202${name}\ue201`;

describe('the sources of an answer', () => {
  it('stand where they stood once the signs around them are gone', () => {
    const text = `One${marker('a')} two${marker('b')} three.`;
    const at = text.indexOf(' two');
    const second = text.indexOf(marker('b'));
    const url = 'https://example.org/';
    const { text: clean, citations } = readCitations(text, {
      content_references: [
        { start_idx: 3, end_idx: at, url: `${url}a` },
        { start_idx: second, end_idx: second + 5, url: `${url}b` },
        { start_idx: 1e6, end_idx: 1e6, url: `${url}c` },
      ],
    });
    expect(clean).toBe('One two three.');
    expect(citations.map(({ start, end }) => [start, end])).toEqual([
      [3, 3],
      [7, 7],
      [14, 14],
    ]);
  });

  it('are bounded, and cost no more than they are many', () => {
    const text = marker('a').repeat(200_000);
    const items = Array.from({ length: 1_000 }, () => ({ url: 'https://example.org/' }));
    const references = Array.from({ length: 1_000 }, (_, index) => ({
      start_idx: index,
      end_idx: text.length - index,
      items,
    }));
    const began = performance.now();
    expect(readCitations(text, { content_references: references }).citations).toHaveLength(MAX_CITATIONS);
    // Every marker for every source would be billions of steps.
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
