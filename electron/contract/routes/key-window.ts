import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import {
  connectionSchema,
  dialectSchema,
  keyStatusSchema,
  keystoreStatusSchema,
} from '../model/connection.ts';
import { wireErrorSchema } from '../model/conversation.ts';
import { noInputSchema, nothingSchema } from '../model/ids.ts';

/** Longest key accepted, in characters. */
export const MAX_KEY_LENGTH = 4096;

/** What a person should look at before a key is saved. None of it stops them. */
export const keyConcernSchema = z.discriminatedUnion('kind', [
  /** Its prefix is another provider's. */
  z.strictObject({ kind: z.literal('other-provider'), looksLike: z.string() }),
  /** It can administer a whole organisation, which chatting never needs. */
  z.strictObject({ kind: z.literal('admin-key') }),
  /** It is to replace a key, and the provider refused it. */
  z.strictObject({ kind: z.literal('refused') }),
  /** It is to replace a key, and the provider could not be asked. */
  z.strictObject({ kind: z.literal('untested'), error: wireErrorSchema }),
]);
/** See {@link keyConcernSchema}. */
export type KeyConcern = z.infer<typeof keyConcernSchema>;

const describedSchema = z.strictObject({
  keystore: keystoreStatusSchema,
  /** Whether the organisation takes no key that the keystore does not keep. */
  isKeystoreRequired: z.boolean(),
  connection: connectionSchema.nullable(),
  /** The key that is to be replaced; null for one more. */
  replaced: keyStatusSchema.nullable(),
  /** True when only loopback origins are accepted (development runtime). */
  isLoopbackOnly: z.boolean(),
  /** What was chosen last time: see `shouldClearClipboard` of `keyWindow.save`. */
  clearsClipboard: z.boolean(),
  /** Set when the window is open for a proxy's login and not for a key. */
  proxy: z
    .strictObject({
      url: z.string(),
      /** True for a proxy that was named elsewhere: only its login is entered. */
      isFixed: z.boolean(),
    })
    .nullable(),
});

/** The only routes that accept a key or a password, callable from the key window alone. */
export const keyWindowRoutes = {
  /** What the form shows: where the key will rest, and the connection it is for when one is being re-keyed. */
  'keyWindow.describe': defineRoute({ windows: ['key'], input: noInputSchema, output: describedSchema }),
  /** The same once the keystore has answered; a locked one is asked, which may show its unlock prompt. */
  'keyWindow.recheck': defineRoute({ windows: ['key'], input: noInputSchema, output: describedSchema }),
  /** Main reads the clipboard itself and keeps the key for the coming save; the window sees only its outline. */
  'keyWindow.paste': defineRoute({
    windows: ['key'],
    input: noInputSchema,
    output: z.strictObject({ last4: z.string().max(4), length: z.number().int() }),
  }),
  /**
   * Saves and closes the window, or asks first: main then holds the key, and `held` with `isConfirmed` saves it all the same.
   * `key` is what was typed, what main holds (pasted or asked about), or none (loopback servers only).
   * The caps are backstops: length and characters are judged by the vault, which answers with its own codes.
   */
  'keyWindow.save': defineRoute({
    windows: ['key'],
    input: z.strictObject({
      provider: z.enum(['openai', 'openrouter', 'azure', 'compatible']),
      label: z.string().max(80),
      baseUrl: z.string().max(2048),
      dialect: dialectSchema,
      isConfirmed: z.boolean().default(false),
      key: z.discriminatedUnion('source', [
        z.strictObject({ source: z.literal('typed'), text: z.string().max(1_048_576) }),
        /** Once saved, the clipboard is emptied if it still holds the text a key was pasted from, and the person allows it. */
        z.strictObject({ source: z.literal('held'), shouldClearClipboard: z.boolean().default(false) }),
        z.strictObject({ source: z.literal('none') }),
      ]),
    }),
    output: z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('saved') }),
      z.strictObject({
        outcome: z.literal('asked'),
        concerns: z.array(keyConcernSchema),
        last4: z.string().max(4),
        length: z.number().int(),
      }),
    ]),
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
