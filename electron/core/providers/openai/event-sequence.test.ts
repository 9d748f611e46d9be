import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventSequence } from './event-sequence.ts';

interface Event {
  readonly type: string;
  readonly sequence_number?: unknown;
}

function numbered(...numbers: readonly unknown[]): Event[] {
  return numbers.map((number, index) => ({
    type: index === 0 ? 'response.created' : 'response.output_text.delta',
    sequence_number: number,
  }));
}

function passed(events: readonly Event[]): unknown[] {
  const sequence = new EventSequence<Event>();
  const taken = events.flatMap((event) => sequence.take(event));
  sequence.assertWhole();
  return taken.map((event) => event.sequence_number);
}

describe('EventSequence', () => {
  it.each([
    ['in order', [0, 1, 2, 3], [0, 1, 2, 3]],
    ['that start elsewhere', [7, 8, 9], [7, 8, 9]],
    ['sent twice', [0, 1, 1, 2, 0, 2, 3], [0, 1, 2, 3]],
    ['out of order', [0, 3, 2, 1, 4], [0, 1, 2, 3, 4]],
    ['out of order and sent twice', [0, 2, 2, 1, 1, 3], [0, 1, 2, 3]],
    ['never written', [undefined, undefined, undefined], [undefined, undefined, undefined]],
    ['of no use', [-1, -1, 'x', 1.5, null], [-1, -1, 'x', 1.5, null]],
    ['always the same', [0, 0, 0, 0], [0, 0, 0, 0]],
  ])('passes numbers %s', (_name, sent, expected) => {
    expect(passed(numbered(...sent))).toEqual(expected);
  });

  it('drops a repeated first event without taking the server for one that does not count', () => {
    const first = { type: 'response.created', sequence_number: 0 };
    const second = { type: 'response.output_text.delta', sequence_number: 1 };
    expect(passed([first, first, second, second])).toEqual([0, 1]);
  });

  it('does not let an answer with a hole end well', () => {
    expect(() => passed(numbered(0, 1, 3, 4))).toThrow('missing');
  });

  it('does not wait for ever for the event that is missing', () => {
    const sequence = new EventSequence<Event>();
    const [first] = numbered(0);
    if (first !== undefined) sequence.take(first);
    expect(() => {
      for (let number = 2; number < 1_000; number += 1)
        sequence.take({ type: 'response.output_text.delta', sequence_number: number });
    }).toThrow('missing');
  });

  it('passes each event once and in order, however near events are shuffled and doubled', () => {
    const order = fc.array(fc.tuple(fc.nat({ max: 30 }), fc.boolean()), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(order, (moves) => {
        const rest = moves
          .map(([offset, isDoubled], index) => ({ number: index + 1, at: index + offset, isDoubled }))
          .toSorted((one, other) => one.at - other.at)
          .flatMap(({ number, isDoubled }) => (isDoubled ? [number, number] : [number]));
        expect(passed(numbered(0, ...rest))).toEqual([...moves.keys(), moves.length]);
      }),
    );
  });
});
