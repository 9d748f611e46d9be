import { z } from 'zod';
import { keyBreadthSchema } from '../../contract/model/connection.ts';

/** One key as it rests on disk: facts in clear, the secret as the keystore's ciphertext. */
export const storedKeySchema = z.object({
  id: z.uuid(),
  connectionId: z.uuid(),
  label: z.string().max(80),
  last4: z.string().max(4),
  origin: z.string().max(2048),
  /** The keystore backend that wrote `cipherText`. */
  backend: z.string().max(80),
  /** Base64. */
  cipherText: z.base64().max(64_000),
  createdAt: z.number(),
  // What follows with a default came later than the first files.
  breadth: keyBreadthSchema.default('unknown'),
  expiresAt: z.number().nullable().default(null),
  requestCount: z.number().int().nonnegative().default(0),
  lastUsedAt: z.number().nullable(),
  lastTestedAt: z.number().nullable(),
  lastOutcome: z.enum(['accepted', 'rejected']).nullable(),
});
/** See {@link storedKeySchema}. */
export type StoredKey = z.infer<typeof storedKeySchema>;

/** The vault file. Entries are parsed one by one, so that a damaged one cannot take the others along. */
export const vaultDocumentSchema = z.object({ version: z.literal(1), keys: z.array(z.unknown()) });
