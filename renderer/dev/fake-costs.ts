import type { CostSum, ModelPrice, UsageReport } from '../../electron/contract/model/ledger.ts';

/** Sums that look like a month of ordinary use. */
export function costSum(costMicroUsd: number, change: Partial<CostSum> = {}): CostSum {
  return {
    requestCount: 12,
    unknownCount: 0,
    estimatedCount: 0,
    costMicroUsd,
    inputTokens: costMicroUsd / 4,
    cachedInputTokens: costMicroUsd / 9,
    outputTokens: costMicroUsd / 20,
    reasoningTokens: costMicroUsd / 50,
    ...change,
  };
}

/** A month with quiet days, dear days and a model of unknown price. */
export function usageReport(): UsageReport {
  const month = new Date().toISOString().slice(0, 7);
  const days = [3, 4, 5, 9, 10, 11, 12, 17, 18, 24].map((day, index) => ({
    id: `${month}-${String(day).padStart(2, '0')}`,
    label: '',
    ...costSum(
      [90_000, 410_000, 130_000, 700_000, 20_000, 260_000, 880_000, 40_000, 310_000, 260_000][index] ?? 0,
    ),
  }));
  return {
    month,
    months: [month],
    today: costSum(260_000),
    total: costSum(3_100_000, { unknownCount: 2, estimatedCount: 1 }),
    allTime: costSum(41_730_000),
    breakdowns: [
      { by: 'day', rows: days },
      {
        by: 'model',
        rows: [
          { id: 'gpt-5.2', label: 'gpt-5.2', ...costSum(2_700_000) },
          { id: 'o4-mini', label: 'o4-mini', ...costSum(400_000) },
          { id: 'house-model', label: 'house-model', ...costSum(0, { requestCount: 2, unknownCount: 2 }) },
        ],
      },
      { by: 'connection', rows: [{ id: 'a', label: 'OpenAI', ...costSum(3_100_000) }] },
      { by: 'key', rows: [{ id: 'k', label: 'work', ...costSum(3_100_000) }] },
      {
        by: 'purpose',
        rows: [
          { id: 'answer', label: 'answer', ...costSum(3_071_000) },
          { id: 'summary', label: 'summary', ...costSum(28_100, { requestCount: 2 }) },
          { id: 'title', label: 'title', ...costSum(900, { requestCount: 7 }) },
        ],
      },
    ],
  };
}

/** Two prices of the list and one that nobody knows. */
export function modelPrices(): ModelPrice[] {
  const listed = {
    origin: 'list' as const,
    longContext: null,
    sourceUrl: 'https://developers.openai.com/api/docs/pricing',
    readOn: '2026-10-05',
  };
  const rates = { cachedInputMicroUsd: 175_000, cacheWriteMicroUsd: null };
  return [
    {
      model: 'house-model',
      rates: null,
      origin: 'unknown',
      longContext: null,
      sourceUrl: null,
      readOn: null,
    },
    {
      ...listed,
      model: 'gpt-5.2',
      rates: { ...rates, inputMicroUsd: 1_750_000, outputMicroUsd: 14_000_000 },
    },
    { ...listed, model: 'o4-mini', rates: { ...rates, inputMicroUsd: 1_100_000, outputMicroUsd: 4_400_000 } },
  ];
}
