import type { Budget } from '../../contract/model/ledger.ts';

/** No limit at all. */
export const NO_BUDGET: Budget = { dayMicroUsd: null, monthMicroUsd: null };

/** What counts against a budget. */
export interface Spent {
  /** Requests that have ended. */
  readonly settledMicroUsd: number;
  /** What the requests that run now are expected to cost. */
  readonly reservedMicroUsd: number;
  /** Whether one of them may become longer than expected. A title cannot: beside nothing else a request is alone. */
  readonly isBesideAnother: boolean;
}

/** A period a budget is for. */
export type Period = 'day' | 'month';

/** What a request that is about to leave is expected to cost; both null when its price is unknown. */
export interface Expected {
  /** The least: what is sent. */
  readonly inputMicroUsd: number | null;
  /** With an answer of usual length. */
  readonly totalMicroUsd: number | null;
}

/** Whether a request may leave. */
export type Verdict =
  | { readonly kind: 'allowed' }
  | {
      readonly kind: 'exceeded';
      readonly period: Period;
      readonly limitMicroUsd: number;
      readonly spentMicroUsd: number;
    }
  /** There is a budget, and nobody knows what the request costs. */
  | { readonly kind: 'unknown-price' };

/** The share of a budget from which on the person is warned. */
const WARNING_SHARE = 0.8;

/** Whoever set the smaller limit wins. */
export function combineBudgets(own: Budget, managed: Budget): Budget {
  return {
    dayMicroUsd: smaller(own.dayMicroUsd, managed.dayMicroUsd),
    monthMicroUsd: smaller(own.monthMicroUsd, managed.monthMicroUsd),
  };
}

/**
 * Judges a request. One that is alone may leave while anything is left and its input fits: the answer's length is unknown, so a
 * budget can be overrun by one answer, never by two. While others run, all of them have to fit as they are expected to end.
 */
export function judgeRequest(
  limit: Budget,
  spent: Readonly<Record<Period, Spent>>,
  expected: Expected,
): Verdict {
  for (const period of ['day', 'month'] as const) {
    const limitMicroUsd = limitOf(limit, period);
    if (limitMicroUsd === null || fits(limitMicroUsd, spent[period], expected)) continue;
    const { settledMicroUsd, reservedMicroUsd } = spent[period];
    return {
      kind: 'exceeded',
      period,
      limitMicroUsd,
      spentMicroUsd: settledMicroUsd + reservedMicroUsd,
    };
  }
  const hasLimit = limit.dayMicroUsd !== null || limit.monthMicroUsd !== null;
  return hasLimit && expected.inputMicroUsd === null ? { kind: 'unknown-price' } : { kind: 'allowed' };
}

function fits(limitMicroUsd: number, spent: Spent, { inputMicroUsd, totalMicroUsd }: Expected): boolean {
  // What costs nothing harms no budget, not even one that is used up.
  if (totalMicroUsd === 0) return true;
  if (spent.settledMicroUsd >= limitMicroUsd) return false;
  const least = spent.isBesideAnother ? totalMicroUsd : inputMicroUsd;
  return spent.settledMicroUsd + spent.reservedMicroUsd + (least ?? 0) <= limitMicroUsd;
}

/** The periods of which so much is used that it is time for a word, given what has been settled in each. */
export function periodsToWarnOf(limit: Budget, settled: Readonly<Record<Period, number>>): Period[] {
  return (['day', 'month'] as const).filter((period) => {
    const limitMicroUsd = limitOf(limit, period);
    return limitMicroUsd !== null && settled[period] >= limitMicroUsd * WARNING_SHARE;
  });
}

/** The limit of one period. */
export function limitOf(budget: Budget, period: Period): number | null {
  return period === 'day' ? budget.dayMicroUsd : budget.monthMicroUsd;
}

function smaller(one: number | null, other: number | null): number | null {
  if (one === null) return other;
  return other === null ? one : Math.min(one, other);
}
