import { z } from 'zod';
import { wireErrorSchema } from './conversation.ts';
import { timestampSchema } from './ids.ts';

/** Who lets people sign in instead of pasting a key. */
export const signInProviderSchema = z.enum(['openrouter']);

/** How a sign-in stands. Nothing of what is exchanged is in it: no address, no code, no key. */
export const signInStatusSchema = z.strictObject({
  /** `waiting` for the person in the browser, then `exchanging` what came back for a key. */
  state: z.enum(['idle', 'waiting', 'exchanging', 'done', 'failed']),
  /** Set when `failed`. */
  error: wireErrorSchema.nullable(),
  /** When waiting ends by itself; null unless `waiting`. */
  expiresAt: timestampSchema.nullable(),
});
/** See {@link signInStatusSchema}. */
export type SignInStatus = z.infer<typeof signInStatusSchema>;
