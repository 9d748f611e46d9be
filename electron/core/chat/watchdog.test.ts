import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog.ts';

const LIMITS = { firstByteMs: 10_000, silenceMs: 20_000, noProgressMs: 60_000 };
const HOUR_MS = 3_600_000;

describe('Watchdog', () => {
  const onExpired = vi.fn();
  let watchdog: Watchdog;

  beforeEach(() => {
    vi.useFakeTimers();
    onExpired.mockClear();
    watchdog = new Watchdog(LIMITS, onExpired);
  });
  afterEach(() => {
    watchdog.stop();
    vi.useRealTimers();
  });

  it('waits for the first byte only so long', () => {
    vi.advanceTimersByTime(9_000);
    expect(onExpired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(onExpired).toHaveBeenCalledOnce();
    expect(watchdog.hasBytes).toBe(false);
  });

  it('allows another silence once bytes have arrived', () => {
    watchdog.noteBytes();
    vi.advanceTimersByTime(19_000);
    expect(onExpired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(onExpired).toHaveBeenCalledOnce();
    expect(watchdog.hasBytes).toBe(true);
  });

  it('is not kept quiet for ever by bytes that say nothing', () => {
    for (let index = 0; index < 59; index += 1) {
      watchdog.noteBytes();
      vi.advanceTimersByTime(1_000);
    }
    expect(onExpired).not.toHaveBeenCalled();
    watchdog.noteBytes();
    vi.advanceTimersByTime(1_000);
    expect(onExpired).toHaveBeenCalledOnce();
  });

  it('is content while the answer moves on', () => {
    for (let index = 0; index < 1_000; index += 1) {
      watchdog.noteProgress();
      vi.advanceTimersByTime(15_000);
    }
    expect(onExpired).not.toHaveBeenCalled();
  });

  it('does not count the time the machine slept', () => {
    watchdog.noteProgress();
    vi.advanceTimersByTime(10_000);
    // Asleep the clock goes on and no timer fires.
    vi.setSystemTime(Date.now() + 8 * HOUR_MS);
    vi.advanceTimersByTime(9_000);
    expect(onExpired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(onExpired).toHaveBeenCalledOnce();
  });

  it('says nothing after it was stopped, and nothing twice', () => {
    vi.advanceTimersByTime(HOUR_MS);
    expect(onExpired).toHaveBeenCalledOnce();
    const other = vi.fn();
    new Watchdog(LIMITS, other).stop();
    vi.advanceTimersByTime(HOUR_MS);
    expect(other).not.toHaveBeenCalled();
  });
});
