import { z } from 'zod';
import { idSchema, timestampSchema } from './ids.ts';

/** Which wire dialect of the OpenAI API a connection speaks. */
export const dialectSchema = z.enum(['responses', 'chat-completions']);
/** `responses` is the Responses API, `chat-completions` the older one that compatible servers implement. */
export type Dialect = z.infer<typeof dialectSchema>;

/**
 * What a connection talks to. `azure` sends its key as `api-key`, `local` is a keyless server found on this computer, `demo`
 * the server that `npm start` offers.
 */
export const providerKindSchema = z.enum(['openai', 'openrouter', 'azure', 'compatible', 'local', 'demo']);
/** See {@link providerKindSchema}. */
export type ProviderKind = z.infer<typeof providerKindSchema>;

/** A name that travels as an HTTP header: `OpenAI-Organization`, `OpenAI-Project`. */
export const headerValueSchema = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,200}$/);

/**
 * Where a saved key stands. `ok`, `session-only` and `rejected` (the provider refused it last time) can be used, `checking` once
 * the keystore has answered; no state ever deletes ciphertext.
 */
export const keyStateSchema = z.enum([
  'ok',
  'session-only',
  'checking',
  'locked',
  'other-backend',
  'unreadable',
  'wrong-origin',
  'expired',
  'rejected',
]);
/** See {@link keyStateSchema}. */
export type KeyState = z.infer<typeof keyStateSchema>;

/** How much a key can do, as its public prefix tells: one project, a whole account, or the administration of an organisation. */
export const keyBreadthSchema = z.enum(['project', 'account', 'admin', 'unknown']);
/** See {@link keyBreadthSchema}. */
export type KeyBreadth = z.infer<typeof keyBreadthSchema>;

/** All that a window can learn about a key. There is no route that returns the key. */
export const keyStatusSchema = z.strictObject({
  id: idSchema,
  label: z.string(),
  /** The last four characters, or '' when the key is too short to show any. */
  last4: z.string().max(4),
  /** The only origin this key may be sent to, as `https://host[:port]`. */
  origin: z.string(),
  state: keyStateSchema,
  breadth: keyBreadthSchema,
  /** Human name of where it rests, e.g. "GNOME Keyring"; "this session only" when it is nowhere. */
  restsIn: z.string(),
  /** How to reach the keystore that wrote it when another one is in use now, as a clause: "start Latchkey in a ...". */
  wayBack: z.string().nullable(),
  createdAt: timestampSchema,
  /** When a person wants it gone; it is not sent any more from then on. */
  expiresAt: timestampSchema.nullable(),
  /** Requests it was sent with since it was entered, tests included. */
  requestCount: z.number().int().nonnegative(),
  lastUsedAt: timestampSchema.nullable(),
  lastTestedAt: timestampSchema.nullable(),
  /** What the last test or request learnt: null before the first. */
  lastOutcome: z.enum(['accepted', 'rejected']).nullable(),
});
/** See {@link keyStatusSchema}. */
export type KeyStatus = z.infer<typeof keyStatusSchema>;

/** A place Latchkey can send a conversation to. */
export const connectionSchema = z.strictObject({
  id: idSchema,
  label: z.string(),
  provider: providerKindSchema,
  /** Ends without a slash; includes the path prefix, e.g. `https://api.openai.com/v1`. */
  baseUrl: z.string(),
  origin: z.string(),
  dialect: dialectSchema,
  /** False for loopback servers that were added without a key. */
  needsKey: z.boolean(),
  /** All its keys, oldest first. */
  keys: z.array(keyStatusSchema),
  /** The one that is used unless a conversation chose another. */
  key: keyStatusSchema.nullable(),
  /** Sent as `OpenAI-Organization` and `OpenAI-Project` where set. */
  organization: headerValueSchema.nullable(),
  project: headerValueSchema.nullable(),
  defaultModel: z.string().nullable(),
  /** Set up by the organisation's policy: only its keys can be changed. */
  isManaged: z.boolean(),
  /** Why the policy does not let it be used; it is listed all the same. */
  policyRefusal: z.enum(['policy/own-connections', 'policy/origin']).nullable(),
  createdAt: timestampSchema,
});
/** See {@link connectionSchema}. */
export type Connection = z.infer<typeof connectionSchema>;

/** What the OS offers to keep keys in. */
export const keystoreStatusSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('available'),
    /** Chromium's name of the backend, e.g. `gnome_libsecret`, `dpapi`, `keychain`. */
    backend: z.string(),
    /** For people, e.g. "GNOME Keyring". */
    name: z.string(),
  }),
  /** It was asked and has not answered yet; keys wait for it. */
  z.strictObject({ kind: z.literal('checking'), backend: z.string(), name: z.string() }),
  /** It is there but gives nothing out: asking again can help, and nothing was lost. */
  z.strictObject({
    kind: z.literal('locked'),
    backend: z.string(),
    name: z.string(),
    /** `prompt`: it waits for a person to answer its own window; `silent`: it gave no answer at all. */
    cause: z.enum(['locked', 'prompt', 'silent']),
    /** One plain sentence on what would help. */
    advice: z.string(),
  }),
  z.strictObject({
    kind: z.literal('session-only'),
    backend: z.string(),
    /** One plain sentence on why nothing can be kept and what would help. */
    reason: z.string(),
  }),
]);
/** See {@link keystoreStatusSchema}. */
export type KeystoreStatus = z.infer<typeof keystoreStatusSchema>;
