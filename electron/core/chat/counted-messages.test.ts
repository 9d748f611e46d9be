import { describe, expect, it } from 'vitest';
import { CountedMessages } from './counted-messages.ts';

function counting() {
  const counted: string[] = [];
  const messages = new CountedMessages((text) => {
    counted.push(text);
    return text.length;
  });
  return { messages, counted };
}

describe('CountedMessages', () => {
  it('counts a text once, however often it is asked about', () => {
    const { messages, counted } = counting();
    const asked = Array.from({ length: 5 }, () => messages.tokensOf({ id: 'a', text: 'abc' }));
    expect(asked).toEqual([3, 3, 3, 3, 3]);
    expect(counted).toEqual(['abc']);
  });

  it('counts an answer again that has grown, and each message for itself', () => {
    const { messages, counted } = counting();
    messages.tokensOf({ id: 'a', text: 'abc' });
    expect(messages.tokensOf({ id: 'a', text: 'abcdef' })).toBe(6);
    expect(messages.tokensOf({ id: 'b', text: 'xyz' })).toBe(3);
    expect(counted).toEqual(['abc', 'abcdef', 'xyz']);
  });

  it('stays bounded, and forgets what was counted longest ago', () => {
    const { messages, counted } = counting();
    for (let number = 0; number <= 50_000; number += 1) messages.tokensOf({ id: `m${number}`, text: 'x' });
    counted.length = 0;
    messages.tokensOf({ id: 'm50000', text: 'x' });
    expect(counted).toEqual([]);
    messages.tokensOf({ id: 'm0', text: 'x' });
    expect(counted).toEqual(['x']);
  });
});
