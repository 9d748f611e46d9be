import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { conversationDetailSchema, conversationSummarySchema, summarySchema } from '../model/conversation.ts';
import { generationSchema } from '../model/generation.ts';
import { idSchema, noInputSchema, nothingSchema } from '../model/ids.ts';

/** Longest title, in UTF-16 units. */
export const MAX_TITLE_LENGTH = 200;

const byId = z.strictObject({ id: idSchema });
const byMessage = z.strictObject({ messageId: idSchema });
const undo = { undoMs: z.number().int().positive() };

/** History. */
export const conversationRoutes = {
  /** All conversations that are not deleted, last changed first. */
  'conversations.list': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: z.array(conversationSummarySchema),
  }),
  'conversations.open': defineRoute({ windows: ['chat'], input: byId, output: conversationDetailSchema }),
  'conversations.rename': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ id: idSchema, title: z.string().trim().min(1).max(MAX_TITLE_LENGTH) }),
    output: conversationSummarySchema,
  }),
  /** Remembers the connection, key and model chosen for a conversation. */
  'conversations.choose': defineRoute({
    windows: ['chat'],
    input: z.strictObject({
      id: idSchema,
      connectionId: idSchema.nullable(),
      keyId: idSchema.nullable().default(null),
      model: z.string().max(200).nullable(),
    }),
    output: conversationSummarySchema,
  }),
  /** How the answers of a conversation are made from now on. Refuses a system prompt with a key in it (`secret/key-in-field`). */
  'conversations.setGeneration': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ id: idSchema, generation: generationSchema }),
    output: generationSchema,
  }),
  /** Hides it at once; it is purged after `undoMs` unless restored. */
  'conversations.remove': defineRoute({
    windows: ['chat'],
    input: byId,
    output: z.strictObject(undo),
  }),
  'conversations.restore': defineRoute({
    windows: ['chat'],
    input: byId,
    output: conversationSummarySchema,
  }),
  /** Shows another variant: the path through `messageId`, and below it what was shown there last. */
  'conversations.showVariant': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ id: idSchema, messageId: idSchema }),
    output: conversationDetailSchema,
  }),
  /** Copies the path up to and including a message into a conversation of its own. `chat/busy` while it is being answered. */
  'conversations.branch': defineRoute({
    windows: ['chat'],
    input: byMessage,
    output: conversationSummarySchema,
  }),
  /** How many messages deleting this one would take along, in all variants below it, itself included. */
  'conversations.countBelow': defineRoute({
    windows: ['chat'],
    input: byMessage,
    output: z.strictObject({ count: z.number().int().positive() }),
  }),
  /** Stops what is being answered below, and hides the message and all that follows it; purged after `undoMs` unless restored. */
  'conversations.removeMessage': defineRoute({
    windows: ['chat'],
    input: byMessage,
    output: z.strictObject({ ...undo, count: z.number().int().positive() }),
  }),
  /** Brings back what `removeMessage` took, and shows it. */
  'conversations.restoreMessage': defineRoute({
    windows: ['chat'],
    input: byMessage,
    output: conversationDetailSchema,
  }),
  /**
   * Begins a summary of everything but the end of the shown path; `summary.grown` and `summary.ended` follow. One request, which
   * costs what it costs: the ledger is asked as it is for a message.
   */
  'conversations.summarise': defineRoute({
    windows: ['chat'],
    input: z.strictObject({
      id: idSchema,
      connectionId: idSchema,
      keyId: idSchema.nullable().default(null),
      model: z.string().trim().min(1).max(200),
      isOverBudgetAllowed: z.boolean().default(false),
      isCostAccepted: z.boolean().default(false),
      /** Sends the former summary although it looks as if an API key were in it (`secret/key-in-message`). */
      isKeyIntended: z.boolean().default(false),
    }),
    /** The last message it will stand for. */
    output: z.strictObject({ upToMessageId: idSchema }),
  }),
  /** Idempotent: what was written until then is dropped. */
  'conversations.cancelSummary': defineRoute({ windows: ['chat'], input: byId, output: nothingSchema }),
  /** The summary that is being made, or null. */
  'conversations.liveSummary': defineRoute({
    windows: ['chat'],
    input: byId,
    output: z.strictObject({ upToMessageId: idSchema, text: z.string() }).nullable(),
  }),
  /** Replaces the summary by what a person wrote; null takes it away: all messages are sent as they are again. */
  'conversations.setSummary': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ id: idSchema, summary: summarySchema.nullable() }),
    output: conversationDetailSchema,
  }),
  /** What was typed but not sent; `conversationId: null` is the new chat. */
  'drafts.get': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ conversationId: idSchema.nullable() }),
    output: z.strictObject({ text: z.string() }),
  }),
  /** What looks like an API key is cut out of what is written to disk; the window keeps it. */
  'drafts.save': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ conversationId: idSchema.nullable(), text: z.string().max(4 * 1_048_576) }),
    output: nothingSchema,
  }),
} as const;
