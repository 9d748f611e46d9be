import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { connectionSchema, dialectSchema, keystoreStatusSchema } from '../model/connection.ts';
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
  /** Label, dialect or default model. The origin cannot change here: a new origin is a new connection. */
  'connections.change': defineRoute({
    windows: ['chat'],
    input: z.strictObject({
      id: idSchema,
      label: z.string().trim().min(1).max(80).optional(),
      dialect: dialectSchema.optional(),
      defaultModel: z.string().max(200).nullable().optional(),
    }),
    output: connectionSchema,
  }),
  /** Removes the connection and its key. */
  'connections.remove': defineRoute({ windows: ['chat'], input: byId, output: nothingSchema }),
  /** Model ids from `/models`, sorted; cached until `shouldRefresh`. */
  'connections.models': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ id: idSchema, shouldRefresh: z.boolean() }),
    output: z.strictObject({ models: z.array(z.string()), fetchedAt: timestampSchema }),
  }),
  /** Opens the key window, for a new connection (`connectionId: null`) or to replace a key. */
  'keys.openWindow': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema.nullable() }),
    output: nothingSchema,
  }),
  /** Asks the connection's own origin whether it takes the key. The outcome is also kept in the key's status. */
  'keys.test': defineRoute({
    windows: ['chat'],
    input: byId,
    output: z.strictObject({ modelCount: z.number().int().nonnegative() }),
  }),
  /** Asks the keystore again, which may show its unlock prompt, and verifies every saved key. Answers after some seconds at the latest. */
  'keys.recheck': defineRoute({ windows: ['chat'], input: noInputSchema, output: keystoreStatusSchema }),
  /** Takes the key of a connection out of memory and off the disk. The connection stays. */
  'keys.remove': defineRoute({ windows: ['chat'], input: byId, output: connectionSchema }),
} as const;
