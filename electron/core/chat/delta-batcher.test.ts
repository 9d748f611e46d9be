import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeltaBatcher } from './delta-batcher.ts';

describe('DeltaBatcher', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('shows at most once a frame and stores at most ten times a second', () => {
    const shown: string[] = [];
    const stored: string[] = [];
    const batcher = new DeltaBatcher({
      show: (text) => shown.push(text),
      store: (text) => stored.push(text),
    });
    for (let index = 0; index < 1_000; index += 1) {
      batcher.push('x');
      vi.advanceTimersByTime(1);
    }
    batcher.flush();
    expect(shown.join('')).toBe('x'.repeat(1_000));
    expect(stored.join('')).toBe('x'.repeat(1_000));
    expect(shown.length).toBeLessThanOrEqual(1_000 / 16 + 1);
    expect(stored.length).toBeLessThanOrEqual(11);
  });

  it('never cuts a character in two', () => {
    const shown: string[] = [];
    const batcher = new DeltaBatcher({ show: (text) => shown.push(text), store: () => {} });
    batcher.push('a\ud83d');
    vi.advanceTimersByTime(20);
    batcher.push('\ude00b');
    batcher.flush();
    expect(shown).toEqual(['a', '😀b']);
  });

  it('hands nothing over after a flush', () => {
    const show = vi.fn();
    const batcher = new DeltaBatcher({ show, store: () => {} });
    batcher.push('a');
    batcher.flush();
    batcher.flush();
    vi.advanceTimersByTime(1_000);
    expect(show).toHaveBeenCalledExactlyOnceWith('a');
  });
});
