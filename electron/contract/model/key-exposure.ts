import { z } from 'zod';
import { idSchema, timestampSchema } from './ids.ts';

/** What Latchkey sent with one key: for the person who has to judge a leak. */
export const keyExposureSchema = z.strictObject({
  /** The only origin it was ever sent to. */
  origin: z.string(),
  requestCount: z.number().int().nonnegative(),
  createdAt: timestampSchema,
  lastUsedAt: timestampSchema.nullable(),
  /** Conversations whose answers were asked for with it, last first; at most {@link MAX_EXPOSED_CONVERSATIONS}. */
  conversations: z.array(
    z.strictObject({ id: idSchema, title: z.string(), answerCount: z.number().int().positive() }),
  ),
  /** The provider's page on which keys are revoked; null where none is known. */
  revokeUrl: z.url().nullable(),
});
/** See {@link keyExposureSchema}. */
export type KeyExposure = z.infer<typeof keyExposureSchema>;

/** Longest list of conversations in a {@link KeyExposure}. */
export const MAX_EXPOSED_CONVERSATIONS = 50;

/** A server that answered on this computer. */
export const localServerSchema = z.strictObject({
  /** The program that usually listens there, e.g. "Ollama". */
  label: z.string(),
  baseUrl: z.string(),
  modelCount: z.number().int().nonnegative(),
  isAdded: z.boolean(),
});
/** See {@link localServerSchema}. */
export type LocalServer = z.infer<typeof localServerSchema>;
