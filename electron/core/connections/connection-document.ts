import { z } from 'zod';
import { dialectSchema, headerValueSchema, providerKindSchema } from '../../contract/model/connection.ts';

/** One connection as it rests on disk. */
export const storedConnectionSchema = z.object({
  id: z.uuid(),
  label: z.string().min(1).max(80),
  provider: providerKindSchema,
  baseUrl: z.string().max(2048),
  dialect: dialectSchema,
  needsKey: z.boolean(),
  defaultModel: z.string().max(200).nullable(),
  createdAt: z.number(),
  // What follows came later than the first files.
  /** The key in use; null: the oldest. */
  keyId: z.uuid().nullable().default(null),
  organization: headerValueSchema.nullable().default(null),
  project: headerValueSchema.nullable().default(null),
});
/** See {@link storedConnectionSchema}. */
export type StoredConnection = z.infer<typeof storedConnectionSchema>;

/** The connections file. Entries are parsed one by one, so that a damaged one cannot take the others along. */
export const connectionsDocumentSchema = z.object({
  version: z.literal(1),
  connections: z.array(z.unknown()),
});
