import { describe, expect, it } from 'vitest';
import { isWithinPayloadCap } from './is-within-payload-cap.ts';

function nested(depth: number): unknown {
  return depth === 0 ? 'x' : { inner: nested(depth - 1) };
}

describe('isWithinPayloadCap', () => {
  it.each([
    {},
    { id: 'a', isDone: true, count: 1, none: null },
    'text',
    null,
    undefined,
    { list: ['a', 'b'] },
  ])('accepts %j', (input) => expect(isWithinPayloadCap(input)).toBe(true));

  it('accepts a message far above the limit people are told, so that they get its own error', () => {
    expect(isWithinPayloadCap({ text: 'x'.repeat(4 * 1_048_576) })).toBe(true);
  });

  it('accepts a file of the largest size and one byte more, so that it gets its own error', () => {
    expect(isWithinPayloadCap({ name: 'a', bytes: new Uint8Array(32 * 1_048_576 + 1) })).toBe(true);
  });

  it.each([
    ['a text beyond every route', { text: 'x'.repeat(66 * 1_048_576) }],
    ['too many values', Array.from({ length: 20_000 }, () => 1)],
    ['too deep a nesting', nested(40)],
    ['a Map', new Map([['a', 1]])],
    ['a Date', { at: new Date(0) }],
    ['bytes beyond every route', { bytes: new Uint8Array(40 * 1_048_576 + 1) }],
    ['a small view of a large buffer', { bytes: new Uint8Array(41 * 1_048_576).subarray(0, 1) }],
    ['many bytes in pieces', { bytes: [1, 2].map(() => new Uint8Array(21 * 1_048_576)) }],
    ['a Buffer', { bytes: Buffer.from('x') }],
    ['shared memory', { bytes: new Uint8Array(new SharedArrayBuffer(8)) }],
    ['a buffer without a view', { bytes: new ArrayBuffer(8) }],
    ['numbers of another size', { bytes: new Float64Array(8) }],
    ['a bigint', { value: 1n }],
    ['a function', () => 1],
  ])('refuses %s', (_name, input) => {
    expect(isWithinPayloadCap(input)).toBe(false);
  });
});
