import { z } from 'zod';
import { linkedPromptSchema, noticeSchema } from './model/app-info.ts';
import { connectionSchema, keystoreStatusSchema } from './model/connection.ts';
import {
  conversationSummarySchema,
  replyWaitSchema,
  usageSchema,
  wireErrorSchema,
} from './model/conversation.ts';
import { idSchema } from './model/ids.ts';
import { settingsSchema } from './model/settings.ts';
import { signInStatusSchema } from './model/sign-in.ts';
import { transferStatusSchema } from './model/transfer.ts';
import { appRoutes } from './routes/app.ts';
import { attachmentRoutes } from './routes/attachments.ts';
import { backupRoutes } from './routes/backups.ts';
import { chatRoutes } from './routes/chat.ts';
import { connectionRoutes } from './routes/connections.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { imageWindowRoutes } from './routes/image-window.ts';
import { keyWindowRoutes } from './routes/key-window.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { modelRoutes } from './routes/models.ts';
import { networkRoutes } from './routes/network.ts';
import { presetRoutes } from './routes/presets.ts';
import { searchRoutes } from './routes/search.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { transferRoutes } from './routes/transfer.ts';

/** THE contract: every request a window can make. */
export const routes = {
  ...appRoutes,
  ...chatRoutes,
  ...conversationRoutes,
  ...connectionRoutes,
  ...attachmentRoutes,
  ...imageWindowRoutes,
  ...keyWindowRoutes,
  ...networkRoutes,
  ...signInRoutes,
  ...searchRoutes,
  ...backupRoutes,
  ...ledgerRoutes,
  ...modelRoutes,
  ...presetRoutes,
  ...transferRoutes,
} as const;

/** Every message main sends to a window unasked. Typed, not parsed: main is the trusted side. */
export const events = {
  /** Text to append. `seq` grows by one per stream, starting at 1. */
  'chat.delta': z.strictObject({
    streamId: idSchema,
    messageId: idSchema,
    conversationId: idSchema,
    seq: z.number().int().positive(),
    text: z.string(),
  }),
  /** The same for the summary of what the model thinks, by the same `seq`. */
  'chat.reasoning': z.strictObject({
    streamId: idSchema,
    messageId: idSchema,
    conversationId: idSchema,
    seq: z.number().int().positive(),
    text: z.string(),
  }),
  /** A reply waits before it asks again, or (null) has just begun to. Counted by the same `seq` as the text. */
  'chat.waiting': z.strictObject({
    streamId: idSchema,
    messageId: idSchema,
    conversationId: idSchema,
    seq: z.number().int().positive(),
    waiting: replyWaitSchema.nullable(),
  }),
  /** Exactly one per stream, after its last delta and after the row is saved. */
  'chat.ended': z.strictObject({
    streamId: idSchema,
    messageId: idSchema,
    conversationId: idSchema,
    seq: z.number().int().positive(),
    state: z.enum(['done', 'cancelled', 'interrupted', 'failed']),
    error: wireErrorSchema.nullable(),
    usage: usageSchema.nullable(),
  }),
  /** More of a summary that is being made; `at` is the length of what came before. */
  'summary.grown': z.strictObject({
    conversationId: idSchema,
    at: z.number().int().nonnegative(),
    text: z.string(),
  }),
  /** Once per summary, after it is saved. */
  'summary.ended': z.strictObject({
    conversationId: idSchema,
    state: z.enum(['done', 'cancelled', 'failed']),
    error: wireErrorSchema.nullable(),
  }),
  'conversations.changed': z.array(conversationSummarySchema),
  'connections.changed': z.array(connectionSchema),
  'keystore.changed': keystoreStatusSchema,
  'settings.changed': settingsSchema,
  'signIn.changed': signInStatusSchema,
  /** What a connection has cost, its budget or its prices are other than before; `conversationId` where it was a request. */
  'ledger.changed': z.strictObject({ connectionId: idSchema, conversationId: idSchema.nullable() }),
  'transfer.changed': transferStatusSchema,
  'link.received': linkedPromptSchema,
  'notice.raised': noticeSchema,
  /** A menu item or a native shortcut was used. */
  'menu.chosen': z.strictObject({
    command: z.enum(['new-chat', 'settings', 'toggle-sidebar', 'search', 'shortcuts', 'about']),
  }),
} as const;

/** Name of a request. */
export type RouteName = keyof typeof routes;
/** What a route is called with. */
export type RouteInput<R extends RouteName> = z.input<(typeof routes)[R]['input']>;
/** What a handler receives: parsed. */
export type ParsedInput<R extends RouteName> = z.output<(typeof routes)[R]['input']>;
/** What a route answers. */
export type RouteOutput<R extends RouteName> = z.output<(typeof routes)[R]['output']>;
/** Name of an event. */
export type EventName = keyof typeof events;
/** What an event carries. */
export type EventPayload<E extends EventName> = z.output<(typeof events)[E]>;
/** An event as it travels. */
export type WireEvent = {
  [E in EventName]: { readonly name: E; readonly payload: EventPayload<E> };
}[EventName];
