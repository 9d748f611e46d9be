import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../contract/app-error.ts';
import { decideRetry, MAX_REQUESTS, MAX_RETRY_AFTER_MS, type FailedRequest } from './retry-policy.ts';

const DAY_S = 86_400;

function failed(change: Partial<FailedRequest> = {}): FailedRequest {
  return {
    code: 'provider/server-error',
    details: {},
    attempt: 1,
    isOffline: false,
    baseMs: 1_000,
    random: 0.5,
    ...change,
  };
}

describe('decideRetry', () => {
  it('asks again for what may pass by itself, and for nothing else', () => {
    const retried = ERROR_CODES.filter((code) => decideRetry(failed({ code })).kind === 'wait');
    expect(retried.toSorted()).toEqual([
      'network/dns',
      'network/interrupted',
      'network/proxy-unreachable',
      'network/timeout',
      'network/unreachable',
      'provider/server-error',
      'quota/rate-limited',
    ]);
  });

  it('waits longer before the second retry and makes no third', () => {
    expect(decideRetry(failed({ attempt: 1 }))).toEqual({ kind: 'wait', waitMs: 750 });
    expect(decideRetry(failed({ attempt: 2 }))).toEqual({ kind: 'wait', waitMs: 1_500 });
    expect(decideRetry(failed({ attempt: 3 }))).toEqual({ kind: 'give-up', askedWaitMs: null });
  });

  it.each([
    ['half a minute', 30, 30_500],
    ['an hour', 3_600, 3_600_500],
    ['a day', DAY_S, DAY_S * 1_000 + 500],
    ['a second, with little on top', 1, 1_050],
    ['nothing', 0, 0],
  ])('waits %s when the server asks for it', (_name, retryAfterS, waitMs) => {
    const decision = decideRetry(failed({ code: 'quota/rate-limited', details: { retryAfterS } }));
    expect(decision).toEqual({ kind: 'wait', waitMs });
  });

  it('gives up and says until when, once a server asks for more than a day', () => {
    const details = { retryAfterS: DAY_S + 1 };
    expect(decideRetry(failed({ code: 'quota/rate-limited', details }))).toEqual({
      kind: 'give-up',
      askedWaitMs: (DAY_S + 1) * 1_000,
    });
  });

  it.each([{ retryAfterS: Number.NaN }, { retryAfterS: -5 }, { retryAfterS: '30' }, { retryAfterS: null }])(
    'takes %j for no wish at all',
    (details) => {
      expect(decideRetry(failed({ details }))).toEqual({ kind: 'wait', waitMs: 750 });
    },
  );

  it('waits for a network rather than using up its tries without one', () => {
    expect(decideRetry(failed({ code: 'network/dns', isOffline: true }))).toEqual({
      kind: 'wait',
      waitMs: 60_000,
    });
    expect(decideRetry(failed({ isOffline: true }))).toEqual({ kind: 'wait', waitMs: 750 });
  });

  it('never comes early, never beyond a day and a second, never too often', () => {
    fc.assert(
      fc.property(
        fc.record({
          code: fc.constantFrom(...ERROR_CODES),
          retryAfterS: fc.oneof(fc.constant(null), fc.nat({ max: 1_000_000 })),
          attempt: fc.integer({ min: 1, max: 6 }),
          isOffline: fc.boolean(),
          random: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        }),
        ({ retryAfterS, ...change }) => {
          const details = retryAfterS === null ? {} : { retryAfterS };
          const decision = decideRetry(failed({ ...change, details }));
          if (decision.kind === 'give-up') return;
          expect(change.attempt).toBeLessThan(MAX_REQUESTS);
          expect(decision.waitMs).toBeGreaterThanOrEqual((retryAfterS ?? 0) * 1_000);
          expect(decision.waitMs).toBeLessThanOrEqual(MAX_RETRY_AFTER_MS + 1_000);
        },
      ),
    );
  });
});
