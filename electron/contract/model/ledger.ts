import { z } from 'zod';
import { idSchema, timestampSchema } from './ids.ts';

/** Millionths of a US dollar: whole numbers, so that sums are exact. */
export const microUsdSchema = z.number().int().nonnegative();

/** Highest price accepted, in micro-USD per million tokens: $1,000. */
export const MAX_RATE_MICRO_USD = 1_000_000_000;
/** Highest budget accepted, in micro-USD: a million dollars. */
export const MAX_BUDGET_MICRO_USD = 1_000_000_000_000;

const rateSchema = z.number().int().min(0).max(MAX_RATE_MICRO_USD);

/** What a model costs, in micro-USD per million tokens. All zero is free; a price nobody knows is no rates at all. */
export const ratesSchema = z.strictObject({
  inputMicroUsd: rateSchema,
  /** null: as other input. */
  cachedInputMicroUsd: rateSchema.nullable(),
  /** Input that is written to the provider's cache; null: as other input. */
  cacheWriteMicroUsd: rateSchema.nullable(),
  /** Reasoning is output. */
  outputMicroUsd: rateSchema,
});
/** See {@link ratesSchema}. */
export type Rates = z.infer<typeof ratesSchema>;

/** What a model of a connection costs, and how that is known. */
export const modelPriceSchema = z.strictObject({
  model: z.string(),
  /** null: unknown, which is not the same as free. */
  rates: ratesSchema.nullable(),
  /** `own`: set by the person. `list`: the provider's public list. `local`: this computer asks for no money. */
  origin: z.enum(['own', 'list', 'local', 'unknown']),
  /** Other rates for the whole request once its input is larger than this. */
  longContext: z.strictObject({ overInputTokens: z.number().int(), rates: ratesSchema }).nullable(),
  /** Where and when a list price was read. */
  sourceUrl: z.url().nullable(),
  readOn: z.iso.date().nullable(),
});
/** See {@link modelPriceSchema}. */
export type ModelPrice = z.infer<typeof modelPriceSchema>;

const limitSchema = z.number().int().min(0).max(MAX_BUDGET_MICRO_USD).nullable();

/** How much a connection may cost, in micro-USD; null: as much as it likes. Days and months are those of this computer's calendar. */
export const budgetSchema = z.strictObject({ dayMicroUsd: limitSchema, monthMicroUsd: limitSchema });
/** See {@link budgetSchema}. */
export type Budget = z.infer<typeof budgetSchema>;

const count = z.number().int().nonnegative();

/** A sum over requests. `costMicroUsd` is the part whose price is known. */
export const costSumSchema = z.strictObject({
  requestCount: count,
  /** Requests whose price is unknown: they are missing in `costMicroUsd`. */
  unknownCount: count,
  /** Requests whose tokens were estimated because the provider did not report them. */
  estimatedCount: count,
  costMicroUsd: microUsdSchema,
  inputTokens: count,
  cachedInputTokens: count,
  outputTokens: count,
  reasoningTokens: count,
});
/** See {@link costSumSchema}. */
export type CostSum = z.infer<typeof costSumSchema>;

/** What a request is for: an answer, or something that is made beside one. */
export const purposeSchema = z.enum(['answer', 'title', 'summary']);
/** See {@link purposeSchema}. */
export type Purpose = z.infer<typeof purposeSchema>;

/** What can be summed by, each a table and a chart. */
export const breakdownBySchema = z.enum(['day', 'model', 'connection', 'key', 'purpose']);

/** A month, and how it divides. */
export const usageReportSchema = z.strictObject({
  /** As `2026-11`. */
  month: z.string(),
  /** Months that have requests, latest first; the present one is always among them. */
  months: z.array(z.string()),
  today: costSumSchema,
  total: costSumSchema,
  allTime: costSumSchema,
  breakdowns: z.array(
    z.strictObject({
      by: breakdownBySchema,
      /** Days in order; the rest by cost. `id` is a day, a model, a purpose, or the id of a connection or key ('' for no key). */
      rows: z.array(z.strictObject({ id: z.string(), label: z.string(), ...costSumSchema.shape })),
    }),
  ),
});
/** See {@link usageReportSchema}. */
export type UsageReport = z.infer<typeof usageReportSchema>;

/** What one conversation has cost: as a whole, beside its answers, and per answer. */
export const conversationCostSchema = z.strictObject({
  total: costSumSchema,
  /** The part of the total that titles and summaries are. */
  beside: costSumSchema,
  answers: z.array(z.strictObject({ messageId: idSchema, ...costSumSchema.shape })),
});
/** See {@link conversationCostSchema}. */
export type ConversationCost = z.infer<typeof conversationCostSchema>;

/** Where a connection stands with its budget. */
export const budgetStatusSchema = z.strictObject({
  connectionId: idSchema,
  budget: budgetSchema,
  /** What holds: the person's own budget or a managed one, whichever is smaller. */
  limit: budgetSchema,
  today: costSumSchema,
  month: costSumSchema,
});
/** See {@link budgetStatusSchema}. */
export type BudgetStatus = z.infer<typeof budgetStatusSchema>;

/** What a message would cost with all that is sent along. */
export const estimateSchema = z.strictObject({
  inputTokens: count,
  /** Assumed, since nobody knows it before. */
  outputTokens: count,
  /** null: the price is unknown. */
  inputMicroUsd: microUsdSchema.nullable(),
  totalMicroUsd: microUsdSchema.nullable(),
  /** Whether it is asked about before it is sent. */
  isLarge: z.boolean(),
  /** How many of the oldest messages do not fit the model and would not be sent. */
  omittedCount: count,
  /** Whether it would be too long without them, too. */
  isTooLong: z.boolean(),
});
/** See {@link estimateSchema}. */
export type Estimate = z.infer<typeof estimateSchema>;

/** One billed request. Neither text nor title: it outlives its conversation. */
export const ledgerEntrySchema = z.strictObject({
  id: idSchema,
  at: timestampSchema,
  /** The local day it was asked on, as `2026-11-25`. */
  day: z.string(),
  purpose: purposeSchema,
  connectionId: idSchema,
  connectionLabel: z.string(),
  keyId: idSchema.nullable(),
  keyLabel: z.string().nullable(),
  model: z.string(),
  conversationId: idSchema,
  /** The answer; of a title the answer it was made after, of a summary the last message it stands for. */
  messageId: idSchema,
  inputTokens: count,
  cachedInputTokens: count,
  cacheWriteTokens: count,
  outputTokens: count,
  reasoningTokens: count,
  /** null: the price was unknown. */
  costMicroUsd: microUsdSchema.nullable(),
  isEstimated: z.boolean(),
  /** The price it was reckoned with, so that a later price changes nothing. */
  price: modelPriceSchema.nullable(),
});
/** See {@link ledgerEntrySchema}. */
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
