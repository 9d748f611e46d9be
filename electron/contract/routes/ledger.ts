import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { MAX_ATTACHMENTS } from '../model/attachment.ts';
import { generationSchema } from '../model/generation.ts';
import { idSchema, noInputSchema, nothingSchema } from '../model/ids.ts';
import {
  budgetSchema,
  budgetStatusSchema,
  conversationCostSchema,
  estimateSchema,
  modelPriceSchema,
  ratesSchema,
  usageReportSchema,
} from '../model/ledger.ts';
import { PLAIN_GENERATION } from '../model/plain.ts';

const modelSchema = z.string().trim().min(1).max(200);

/** What was spent, what may be, and what things cost. */
export const ledgerRoutes = {
  /** What a message would cost now, with the conversation that is sent along. Nothing is sent or stored. */
  'chat.estimate': defineRoute({
    windows: ['chat'],
    input: z.strictObject({
      conversationId: idSchema.nullable(),
      connectionId: idSchema,
      model: modelSchema,
      text: z.string().max(4 * 1_048_576),
      /** Files of the draft. */
      attachmentIds: z.array(idSchema).max(MAX_ATTACHMENTS).default([]),
      /** How answers are made where the message would start a conversation. */
      generation: generationSchema.default(PLAIN_GENERATION),
    }),
    output: estimateSchema,
  }),
  /** A month (`null`: the present one) by day, model, connection and key. */
  'ledger.report': defineRoute({
    windows: ['chat'],
    input: z.strictObject({
      month: z
        .string()
        .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
        .nullable(),
    }),
    output: usageReportSchema,
  }),
  'ledger.conversation': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ id: idSchema }),
    output: conversationCostSchema,
  }),
  /** Every connection with its budget and what it has cost. */
  'ledger.budgets': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: z.array(budgetStatusSchema),
  }),
  'ledger.setBudget': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema, budget: budgetSchema }),
    output: nothingSchema,
  }),
  /** What is known of the prices of a connection: the public list, the person's own, and models that were used without one. */
  'ledger.prices': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema }),
    output: z.array(modelPriceSchema),
  }),
  /** Sets a price of one's own; `null` takes it back. What was billed before stays as it is. */
  'ledger.setPrice': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema, model: modelSchema, rates: ratesSchema.nullable() }),
    output: nothingSchema,
  }),
  /** Every billed request as CSV, into a file that the person chooses in the system's own dialog. */
  'ledger.export': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: z.strictObject({ outcome: z.enum(['saved', 'cancelled']) }),
  }),
} as const;
