import { z } from 'zod';
import { ERROR_CODES } from '../app-error.ts';
import { idSchema, timestampSchema } from './ids.ts';

/** One request Latchkey made: where, when, with which key, and how much. No body, no path, no secret. */
export const networkEntrySchema = z.strictObject({
  id: idSchema,
  at: timestampSchema,
  origin: z.string(),
  purpose: z.enum(['answer', 'model-list', 'sign-in']),
  /** The label of the key it carried; null when it carried none. */
  keyLabel: z.string().nullable(),
  /** HTTP status; null until headers arrive, or when none did. */
  status: z.number().int().nullable(),
  sentBytes: z.number().int().nonnegative(),
  receivedBytes: z.number().int().nonnegative(),
  /** `running` until the last byte. */
  outcome: z.union([z.enum(['running', 'done', 'cancelled']), z.enum(ERROR_CODES)]),
  durationMs: z.number().nonnegative(),
});
/** See {@link networkEntrySchema}. */
export type NetworkEntry = z.infer<typeof networkEntrySchema>;
