import { describe, expect, it } from 'vitest';
import type { BudgetStatus, CostSum } from '../../electron/contract/model/ledger.ts';
import {
  describeSum,
  dollarsToType,
  formatCost,
  formatLimit,
  formatRate,
  formatSum,
  formatTokens,
  parseDollars,
  summariseMonth,
} from './money.ts';

const sum: CostSum = {
  requestCount: 2,
  unknownCount: 0,
  estimatedCount: 0,
  costMicroUsd: 12_345,
  inputTokens: 412,
  cachedInputTokens: 0,
  outputTokens: 3_690,
  reasoningTokens: 0,
};

describe('money', () => {
  it.each([
    [0, '$0.00'],
    [1, '<$0.0001'],
    [12_345, '$0.0123'],
    [10_000, '$0.01'],
    [99_999, '$0.10'],
    [420_000, '$0.42'],
    [3_100_000, '$3.10'],
    [1_234_567_890, '$1,234.57'],
    [9_007_199_254_740_991, '$9,007,199,254.74'],
  ])('shows a cost of %i as %s', (microUsd, text) => expect(formatCost(microUsd)).toBe(text));

  it.each([
    [20_000_000, '$20'],
    [10_000, '$0.01'],
    [7_500_000, '$7.50'],
    [0, '$0'],
  ])('shows a limit of %i as %s', (microUsd, text) => expect(formatLimit(microUsd)).toBe(text));

  it.each([
    [5_000, '$0.005'],
    [10_000_000, '$10.00'],
    [175_000, '$0.175'],
  ])('shows a rate of %i as %s', (microUsd, text) => expect(formatRate(microUsd)).toBe(text));

  it.each([
    ['', null],
    [' ', null],
    ['20', 20_000_000],
    ['$0.01', 10_000],
    ['0,5', 500_000],
    ['1.000001', 1_000_001],
    ['0.29', 290_000],
    ['999999.999999', 999_999_999_999],
  ])('reads %j as %j', (text, microUsd) => expect(parseDollars(text)).toBe(microUsd));

  it.each(['-1', '1e3', '0x10', 'ten', '1.2.3', '1,000.50', '0.0000001', '1234567', 'NaN', '٣', '1 000'])(
    'does not read %j as money',
    (text) => expect(parseDollars(text)).toBeUndefined(),
  );

  it.each([0, 1, 10_000, 290_000, 20_000_000, 999_999_999_999])('comes back from a field: %i', (microUsd) => {
    expect(parseDollars(dollarsToType(microUsd))).toBe(microUsd);
  });
});

describe('a sum', () => {
  it('says when it is estimated, incomplete, unknown or free', () => {
    expect(formatSum(sum)).toBe('$0.0123');
    expect(formatSum({ ...sum, estimatedCount: 1 })).toBe('≈ $0.0123');
    expect(formatSum({ ...sum, unknownCount: 1, estimatedCount: 1 })).toBe('≥ $0.0123');
    expect(formatSum({ ...sum, unknownCount: 2, costMicroUsd: 0 })).toBe('cost unknown');
    expect(formatSum({ ...sum, costMicroUsd: 0 })).toBe('free');
    expect(formatSum({ ...sum, costMicroUsd: 0, requestCount: 0 })).toBe('$0.00');
    expect(formatTokens(4_102)).toBe('4.1k tok');
  });

  it('is told in sentences', () => {
    expect(describeSum(sum)).toBe('2 requests: 412 tokens sent, 3,690 received.');
    const all = { ...sum, cachedInputTokens: 300, reasoningTokens: 20, estimatedCount: 1, unknownCount: 1 };
    expect(describeSum(all)).toBe(
      '2 requests: 412 tokens sent (300 from the cache), 3,690 received (20 to think). ' +
        '1 request estimated: the provider reported no count. 1 request of unknown price, not in the sum.',
    );
  });
});

describe('a month', () => {
  const none = { dayMicroUsd: null, monthMicroUsd: null };
  const status = (limit: Partial<BudgetStatus['limit']>, spent: number): BudgetStatus => ({
    connectionId: '',
    budget: none,
    limit: { ...none, ...limit },
    today: { ...sum, costMicroUsd: spent },
    month: { ...sum, costMicroUsd: spent },
  });

  it.each([
    [{ monthMicroUsd: 20_000_000 }, 3_100_000, '$3.10/$20', 'plain'],
    [{ monthMicroUsd: 20_000_000 }, 16_000_000, '$16.00/$20', 'warn'],
    [{ monthMicroUsd: 20_000_000 }, 20_000_000, '$20.00/$20', 'danger'],
    [{ dayMicroUsd: 1_000_000 }, 900_000, '$0.90', 'warn'],
    [{ monthMicroUsd: 0 }, 0, '$0.00/$0', 'danger'],
    [{}, 3_100_000, '$3.10', 'plain'],
    [{}, 0, '', 'plain'],
  ] as const)('with %j and %i is %j', (limit, spent, line, tone) => {
    expect(summariseMonth(status(limit, spent))).toMatchObject({ line, tone });
  });

  it('has nothing to say before the first request', () => {
    const unused = { ...status({}, 0), month: { ...sum, requestCount: 0, costMicroUsd: 0 } };
    expect(summariseMonth(unused)).toMatchObject({ line: '', words: 'No request yet.' });
  });
});
