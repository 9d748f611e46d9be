import { z } from 'zod';
import { budgetSchema, ratesSchema } from '../../contract/model/ledger.ts';

/** Prices a person can set for one connection, at most. */
export const MAX_OWN_PRICES = 500;

/** What a person has set about the costs of one connection, as it rests on disk. */
export const storedCostsSchema = z.object({
  /** The connection's. */
  id: z.uuid(),
  budget: budgetSchema,
  prices: z.array(z.object({ model: z.string().min(1).max(200), rates: ratesSchema })).max(MAX_OWN_PRICES),
  /** The day and the month in which the person was last told that a budget is nearly used up. */
  warned: z.object({ day: z.string().nullable(), month: z.string().nullable() }),
});
/** See {@link storedCostsSchema}. */
export type StoredCosts = z.infer<typeof storedCostsSchema>;

/** The file with budgets and prices. Entries are parsed one by one, so that a damaged one cannot take the others along. */
export const costsDocumentSchema = z.object({ version: z.literal(1), connections: z.array(z.unknown()) });
