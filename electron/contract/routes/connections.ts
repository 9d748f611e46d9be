import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import {
  connectionSchema,
  dialectSchema,
  headerValueSchema,
  keyStatusSchema,
  keystoreStatusSchema,
} from '../model/connection.ts';
import { keyExposureSchema, localServerSchema } from '../model/key-exposure.ts';
import { idSchema, noInputSchema, nothingSchema, timestampSchema } from '../model/ids.ts';

const byId = z.strictObject({ id: idSchema });

/** Connections and the status of their keys. Nothing here accepts or returns a key. */
export const connectionRoutes = {
  'connections.list': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: z.array(connectionSchema),
  }),
  /** Adds the local demo server that was offered at start. Adding it twice returns the same connection. */
  'connections.addDemo': defineRoute({ windows: ['chat'], input: noInputSchema, output: connectionSchema }),
  /**
   * An absent field stays as it is. Keys are bound to the origin they were entered for: with another origin they are void
   * (`wrong-origin`) until they are entered again, or until the former origin is back.
   */
  'connections.change': defineRoute({
    windows: ['chat'],
    input: z.strictObject({
      id: idSchema,
      label: z.string().trim().min(1).max(80).optional(),
      baseUrl: z.string().max(2048).optional(),
      dialect: dialectSchema.optional(),
      defaultModel: z.string().max(200).nullable().optional(),
      organization: headerValueSchema.nullable().optional(),
      project: headerValueSchema.nullable().optional(),
    }),
    output: connectionSchema,
  }),
  /** Removes the connection and its keys. */
  'connections.remove': defineRoute({ windows: ['chat'], input: byId, output: nothingSchema }),
  /** Asks the usual ports of this computer for an OpenAI-compatible server. Only ever after a click. */
  'connections.findLocal': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: z.array(localServerSchema),
  }),
  /** Adds a keyless server of this computer. Adding it twice returns the same connection. */
  'connections.addLocal': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ baseUrl: z.string().max(2048), label: z.string().trim().min(1).max(80) }),
    output: connectionSchema,
  }),
  /** Model ids from `/models`, sorted; cached until `shouldRefresh`. */
  'connections.models': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ id: idSchema, shouldRefresh: z.boolean() }),
    output: z.strictObject({ models: z.array(z.string()), fetchedAt: timestampSchema }),
  }),
  /**
   * Opens the key window: for a new connection (`connectionId: null`), for one more key of a connection (`keyId: null`), or to
   * replace a key.
   */
  'keys.openWindow': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema.nullable(), keyId: idSchema.nullable().default(null) }),
    output: nothingSchema,
  }),
  /** Asks the connection's own origin whether it takes the key (`null`: the one in use). The outcome is also kept in the key's status. */
  'keys.test': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema, keyId: idSchema.nullable().default(null) }),
    output: z.strictObject({ modelCount: z.number().int().nonnegative() }),
  }),
  /** Asks the keystore again, which may show its unlock prompt, and verifies every saved key. Answers after some seconds at the latest. */
  'keys.recheck': defineRoute({ windows: ['chat'], input: noInputSchema, output: keystoreStatusSchema }),
  /** Makes a key the one that its connection uses. */
  'keys.use': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema, keyId: idSchema }),
    output: connectionSchema,
  }),
  /** Label or expiry. Whether a key may still be used, never what it is. */
  'keys.change': defineRoute({
    windows: ['chat'],
    input: z.strictObject({
      connectionId: idSchema,
      keyId: idSchema,
      label: keyStatusSchema.shape.label.trim().min(1).optional(),
      expiresAt: timestampSchema.nullable().optional(),
    }),
    output: connectionSchema,
  }),
  /** Takes a key off the disk at once and out of memory after `undoMs`, unless it is restored. The connection stays. */
  'keys.remove': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema, keyId: idSchema }),
    output: z.strictObject({ connection: connectionSchema, undoMs: z.number().int().positive() }),
  }),
  'keys.restore': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema, keyId: idSchema }),
    output: connectionSchema,
  }),
  /** For a key that leaked: what this app sent with it, and where it can be revoked. */
  'keys.exposure': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema, keyId: idSchema }),
    output: keyExposureSchema,
  }),
} as const;
