import { describe, expect, it } from 'vitest';
import { salvageEntries } from './salvage-entries.ts';

const ENTRIES = [
  { id: 'a', label: 'braces } { and "quotes"' },
  { id: 'b', label: 'back\\slash' },
  { id: 'c', label: '' },
];

describe('salvageEntries', () => {
  it.each([undefined, '\t'])('finds every entry of an undamaged list (indented with %j)', (indent) => {
    expect(salvageEntries(JSON.stringify({ version: 1, keys: ENTRIES }, undefined, indent))).toEqual(ENTRIES);
  });

  it('finds exactly the entries before a cut, wherever it is', () => {
    const text = JSON.stringify({ version: 1, keys: ENTRIES });
    for (let length = 0; length <= text.length; length += 1) {
      const cut = text.slice(0, length);
      const whole = ENTRIES.filter((entry) => cut.includes(JSON.stringify(entry)));
      expect(salvageEntries(cut)).toEqual(whole);
    }
  });

  it.each(['', '{', '{"id"', '{"id":1', '{"id":}', '"', '{"id":"\\'])('finds nothing in %j', (text) => {
    expect(salvageEntries(text)).toEqual([]);
  });
});
