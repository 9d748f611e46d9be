import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { connectionSchema, dialectSchema, keystoreStatusSchema } from '../model/connection.ts';
import { noInputSchema, nothingSchema } from '../model/ids.ts';

/** Longest key accepted, in characters. */
export const MAX_KEY_LENGTH = 4096;

/** The only routes that accept a key or a password, callable from the key window alone. */
export const keyWindowRoutes = {
  /** What the form shows: where the key will rest, and the connection it is for when one is being re-keyed. */
  'keyWindow.describe': defineRoute({
    windows: ['key'],
    input: noInputSchema,
    output: z.strictObject({
      keystore: keystoreStatusSchema,
      connection: connectionSchema.nullable(),
      /** True when only loopback origins are accepted (development runtime). */
      isLoopbackOnly: z.boolean(),
      /** Set when the window is open for a proxy's login and not for a key. */
      proxy: z
        .strictObject({
          url: z.string(),
          /** True for a proxy that was named elsewhere: only its login is entered. */
          isFixed: z.boolean(),
        })
        .nullable(),
    }),
  }),
  /** Main reads the clipboard itself and keeps the key for the coming save; the window sees only its outline. */
  'keyWindow.paste': defineRoute({
    windows: ['key'],
    input: noInputSchema,
    output: z.strictObject({ last4: z.string().max(4), length: z.number().int() }),
  }),
  /**
   * Saves and closes the window. `key` is what was typed, what main pasted before, or none (loopback servers only).
   * The caps are backstops: length and characters are judged by the vault, which answers with its own codes.
   */
  'keyWindow.save': defineRoute({
    windows: ['key'],
    input: z.strictObject({
      provider: z.enum(['openai', 'compatible']),
      label: z.string().max(80),
      baseUrl: z.string().max(2048),
      dialect: dialectSchema,
      key: z.discriminatedUnion('source', [
        z.strictObject({ source: z.literal('typed'), text: z.string().max(1_048_576) }),
        z.strictObject({ source: z.literal('pasted') }),
        z.strictObject({ source: z.literal('none') }),
      ]),
    }),
    output: nothingSchema,
  }),
  /**
   * Saves a proxy's login and closes the window. A name and password inside `url` count when the fields are empty; what is
   * stored of the URL is the address alone.
   */
  'keyWindow.saveProxy': defineRoute({
    windows: ['key'],
    input: z.strictObject({
      url: z.string().max(2048),
      userName: z.string().max(1024),
      password: z.string().max(1024),
    }),
    output: nothingSchema,
  }),
  'keyWindow.cancel': defineRoute({ windows: ['key'], input: noInputSchema, output: nothingSchema }),
} as const;
