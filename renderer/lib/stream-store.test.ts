import { describe, expect, it, vi } from 'vitest';
import { StreamStore } from './stream-store.ts';
import type { Delta } from './stream-store.ts';

const live = {
  streamId: 's1',
  messageId: 'm1',
  conversationId: 'c1',
  text: 'ab',
  reasoning: '',
  waiting: null,
  lastSeq: 2,
};

function delta(seq: number, text: string, streamId = 's1'): Delta {
  return { streamId, messageId: 'm1', conversationId: 'c1', seq, text };
}

function attached(): StreamStore {
  const store = new StreamStore();
  store.attach('c1', live);
  return store;
}

describe('StreamStore', () => {
  it('appends deltas in order', () => {
    const store = attached();
    expect(store.apply(delta(3, 'c'))).toBe('applied');
    expect(store.apply(delta(4, 'd'))).toBe('applied');
    expect(store.textOf('m1')).toBe('abcd');
  });

  it('drops numbers it has seen and streams it does not know', () => {
    const store = attached();
    expect(store.apply(delta(2, 'b'))).toBe('dropped');
    expect(store.apply(delta(3, 'x', 'other'))).toBe('dropped');
    expect(store.textOf('m1')).toBe('ab');
  });

  it('reports a gap and appends nothing until it is attached again', () => {
    const store = attached();
    expect(store.apply(delta(5, 'e'))).toBe('gap');
    expect(store.textOf('m1')).toBe('ab');
    store.attach('c1', { ...live, text: 'abcde', lastSeq: 5 });
    expect(store.apply(delta(6, 'f'))).toBe('applied');
    expect(store.textOf('m1')).toBe('abcdef');
  });

  it('loses and doubles nothing when deltas overtake the answer to attach', () => {
    const store = new StreamStore();
    store.await('c1');
    store.apply(delta(2, 'b'));
    store.apply(delta(3, 'c'));
    expect(store.attach('c1', live)).toBe('applied');
    expect(store.textOf('m1')).toBe('abc');
  });

  it('asks again when what overtook the answer has a hole', () => {
    const store = new StreamStore();
    store.await('c1');
    store.apply(delta(4, 'd'));
    expect(store.attach('c1', live)).toBe('gap');
  });

  it('never takes text away when an older answer comes late', () => {
    const store = attached();
    store.apply(delta(3, 'c'));
    store.attach('c1', live);
    expect(store.textOf('m1')).toBe('abc');
  });

  it('does not revive a stream that has ended', () => {
    const store = attached();
    store.end('s1');
    store.forget('m1');
    store.attach('c1', live);
    expect(store.textOf('m1')).toBeNull();
    expect(store.streamIdOf('m1')).toBeNull();
  });

  it('keeps the text of an ended stream until history is read again', () => {
    const store = attached();
    store.end('s1');
    expect(store.textOf('m1')).toBe('ab');
    expect(store.streamIdOf('m1')).toBeNull();
    store.forget('m1');
    expect(store.textOf('m1')).toBeNull();
  });

  it('lets a new stream of the same message take over', () => {
    const store = attached();
    store.attach('c1', { ...live, streamId: 's2', text: 'ab', lastSeq: 0 });
    expect(store.apply(delta(1, 'c', 's2'))).toBe('applied');
    expect(store.apply(delta(3, 'x', 's1'))).toBe('dropped');
    expect(store.textOf('m1')).toBe('abc');
  });

  it('knows that a reply waits, until it asks again or ends', () => {
    const store = attached();
    const waiting = { attempt: 2, maxAttempts: 3, retryAt: 5_000, reason: 'quota/rate-limited' as const };
    const ids = { streamId: 's1', messageId: 'm1', conversationId: 'c1' };
    expect(store.applyWait({ ...ids, seq: 3, waiting })).toBe('applied');
    expect(store.waitOf('m1')).toEqual(waiting);
    expect(store.applyWait({ ...ids, seq: 3, waiting: null })).toBe('dropped');
    expect(store.applyWait({ ...ids, seq: 5, waiting: null })).toBe('gap');
    expect(store.applyWait({ ...ids, seq: 4, waiting: null })).toBe('applied');
    expect(store.waitOf('m1')).toBeNull();
    expect(store.apply(delta(5, 'c'))).toBe('applied');
    store.attach('c1', { ...live, waiting, lastSeq: 6 });
    expect(store.waitOf('m1')).toEqual(waiting);
    store.end('s1');
    expect(store.waitOf('m1')).toBeNull();
  });

  it('wakes only the listeners of the message that changed', () => {
    const store = attached();
    const mine = vi.fn();
    const others = vi.fn();
    store.subscribe('m1', mine);
    store.subscribe('m2', others);
    store.apply(delta(3, 'c'));
    expect(mine).toHaveBeenCalledTimes(1);
    expect(others).not.toHaveBeenCalled();
  });
});

describe('what a model thinks', () => {
  it('grows beside the answer, by the same numbers', () => {
    const store = attached();
    const thought = { streamId: 's1', messageId: 'm1', conversationId: 'c1' };
    expect(store.applyReasoning({ ...thought, seq: 3, text: 'Hm' })).toBe('applied');
    expect(store.apply(delta(4, 'c'))).toBe('applied');
    expect(store.applyReasoning({ ...thought, seq: 3, text: 'Hm' })).toBe('dropped');
    expect(store.applyReasoning({ ...thought, seq: 6, text: '?' })).toBe('gap');
    expect([store.reasoningOf('m1'), store.textOf('m1')]).toEqual(['Hm', 'abc']);
    expect(store.reasoningOf('m2')).toBeNull();
  });

  it('is taken over when a window attaches in the middle of it', () => {
    const store = new StreamStore();
    store.attach('c1', { ...live, reasoning: 'So far' });
    expect(store.reasoningOf('m1')).toBe('So far');
  });
});
