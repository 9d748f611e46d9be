import { describe, expect, it } from 'vitest';
import { combineBudgets, judgeRequest, NO_BUDGET, periodsToWarnOf } from './budget.ts';

const nothing = { settledMicroUsd: 0, reservedMicroUsd: 0, isBesideAnother: false };
const small = { inputMicroUsd: 10, totalMicroUsd: 2_000 };
const unknown = { inputMicroUsd: null, totalMicroUsd: null };
const month = (monthMicroUsd: number | null) => ({ ...NO_BUDGET, monthMicroUsd });
const inMonth = (settledMicroUsd: number, reservedMicroUsd = 0, isBesideAnother = reservedMicroUsd > 0) => ({
  day: nothing,
  month: { settledMicroUsd, reservedMicroUsd, isBesideAnother },
});

describe('judgeRequest', () => {
  it.each([
    ['without a budget', NO_BUDGET, inMonth(9_000_000_000), small, 'allowed'],
    ['with something left', month(10_000), inMonth(9_999 - 10), small, 'allowed'],
    ['alone, though its answer may be dear', month(10_000), inMonth(9_000), small, 'allowed'],
    ['with a budget used up to the last millionth', month(10_000), inMonth(10_000), small, 'exceeded'],
    ['with a budget overrun', month(10_000), inMonth(12_000), small, 'exceeded'],
    ['whose input alone is too much', month(10_000), inMonth(9_995), small, 'exceeded'],
    ['with a budget of nothing', month(0), inMonth(0), small, 'exceeded'],
    ['beside another, when both fit', month(10_000), inMonth(0, 8_000), small, 'allowed'],
    ['beside another, when both do not', month(10_000), inMonth(0, 8_001), small, 'exceeded'],
    ['beside a title, as if it were alone', month(10_000), inMonth(0, 9_990, false), small, 'allowed'],
    [
      'beside a title, when what it sends is too much',
      month(10_000),
      inMonth(0, 9_991, false),
      small,
      'exceeded',
    ],
    [
      'that is free, with nothing left',
      month(0),
      inMonth(5),
      { inputMicroUsd: 0, totalMicroUsd: 0 },
      'allowed',
    ],
    ['of unknown price without a budget', NO_BUDGET, inMonth(0), unknown, 'allowed'],
    ['of unknown price with one', month(10_000), inMonth(0), unknown, 'unknown-price'],
    ['of unknown price with one that is used up', month(10_000), inMonth(10_000), unknown, 'exceeded'],
  ])('takes a request %s for what it is', (_name, limit, spent, expected, kind) => {
    expect(judgeRequest(limit, spent, expected).kind).toBe(kind);
  });

  it('says which period, how much it was and how much it may be', () => {
    const limit = { dayMicroUsd: 100, monthMicroUsd: 100 };
    const day = { settledMicroUsd: 90, reservedMicroUsd: 5, isBesideAnother: true };
    expect(judgeRequest(limit, { day: nothing, month: day }, small)).toEqual({
      kind: 'exceeded',
      period: 'month',
      limitMicroUsd: 100,
      spentMicroUsd: 95,
    });
    expect(judgeRequest(limit, { day, month: day }, small)).toMatchObject({ period: 'day' });
  });
});

describe('combineBudgets', () => {
  it.each([
    [null, null, null],
    [5, null, 5],
    [null, 5, 5],
    [5, 3, 3],
    [3, 5, 3],
    [0, 5, 0],
  ])('makes %j and %j %j', (own, managed, combined) => {
    expect(combineBudgets(month(own), month(managed))).toEqual(month(combined));
    const day = (dayMicroUsd: number | null) => ({ ...NO_BUDGET, dayMicroUsd });
    expect(combineBudgets(day(own), day(managed))).toEqual(day(combined));
  });
});

describe('periodsToWarnOf', () => {
  it.each([
    [799, []],
    [800, ['month']],
    [5_000, ['month']],
  ])('for %i of 1,000 are %j', (settled, periods) => {
    expect(periodsToWarnOf(month(1_000), { day: 0, month: settled })).toEqual(periods);
  });

  it('are both when both are', () => {
    const limit = { dayMicroUsd: 1, monthMicroUsd: 1 };
    expect(periodsToWarnOf(limit, { day: 1, month: 1 })).toEqual(['day', 'month']);
    expect(periodsToWarnOf(NO_BUDGET, { day: 9e9, month: 9e9 })).toEqual([]);
  });
});
