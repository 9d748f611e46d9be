import { z } from 'zod';
import { ERROR_CODES } from '../app-error.ts';
import { attachmentSchema } from './attachment.ts';
import { generationSchema } from './generation.ts';
import { idSchema, timestampSchema } from './ids.ts';

/** Longest message accepted, in UTF-8 bytes: 1 MiB. Longer ones are refused with `request/too-large` and stay in the composer. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** How a reply stands. Exactly one of the last four is reached, once. */
export const messageStateSchema = z.enum(['streaming', 'done', 'cancelled', 'interrupted', 'failed']);
/** See {@link messageStateSchema}. User messages are always `done`. */
export type MessageState = z.infer<typeof messageStateSchema>;
/** A state no reply leaves. */
export type TerminalState = Exclude<MessageState, 'streaming'>;

/** Error as stored and shown with a message. */
export const wireErrorSchema = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** Token counts as the API reported them. What is optional is a part of a count above it, and absent when the API did not say. */
export const usageSchema = z.strictObject({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  /** Input that the provider read from its cache. */
  cachedInputTokens: z.number().int().nonnegative().optional(),
  /** Input that the provider wrote to its cache. */
  cacheWriteTokens: z.number().int().nonnegative().optional(),
  /** Output that was thought and not shown. */
  reasoningTokens: z.number().int().nonnegative().optional(),
});
/** See {@link usageSchema}. */
export type Usage = z.infer<typeof usageSchema>;

/** Who says a message. `tool` is what a tool said in an imported conversation: shown, never sent. */
export const messageRoleSchema = z.enum(['user', 'assistant', 'tool']);

/** A page that an answer names as its source. */
export const citationSchema = z.strictObject({
  /** https or http, as the provider wrote it; opened only through `link.open`. */
  url: z.string().max(8_192),
  title: z.string().max(1_000),
  /** The part of the answer's text it stands for, in UTF-16 units; the end is exclusive. */
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
});
/** See {@link citationSchema}. */
export type Citation = z.infer<typeof citationSchema>;

/** One message of the conversation tree. */
export const messageSchema = z.strictObject({
  id: idSchema,
  conversationId: idSchema,
  /** The message this one answers or follows; null for the first. Siblings are variants. */
  parentId: idSchema.nullable(),
  role: messageRoleSchema,
  text: z.string(),
  attachments: z.array(attachmentSchema),
  /** The provider's summary of what a model thought; '' when there is none. */
  reasoning: z.string(),
  citations: z.array(citationSchema),
  /** The tool that speaks; null unless the role is `tool`. */
  toolName: z.string().nullable(),
  /** How many messages at the beginning were left out of the request for this answer, since they did not fit. */
  omittedCount: z.number().int().nonnegative(),
  state: messageStateSchema,
  error: wireErrorSchema.nullable(),
  model: z.string().nullable(),
  usage: usageSchema.nullable(),
  createdAt: timestampSchema,
});
/** See {@link messageSchema}. */
export type Message = z.infer<typeof messageSchema>;

/** A row of the sidebar. */
export const conversationSummarySchema = z.strictObject({
  id: idSchema,
  title: z.string(),
  connectionId: idSchema.nullable(),
  /** The key chosen for it; null: whichever its connection uses. */
  keyId: idSchema.nullable(),
  model: z.string().nullable(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
});
/** See {@link conversationSummarySchema}. */
export type ConversationSummary = z.infer<typeof conversationSummarySchema>;

/** Longest summary, in UTF-16 units. */
export const MAX_SUMMARY_LENGTH = 30_000;

/** Stands for the messages up to and including one. */
export const summarySchema = z.strictObject({
  text: z.string().trim().min(1).max(MAX_SUMMARY_LENGTH),
  upToMessageId: idSchema,
});

/** A conversation with the messages of its shown path, oldest first. */
export const conversationDetailSchema = z.strictObject({
  conversation: conversationSummarySchema,
  generation: generationSchema,
  /** Stands for the beginning of the path it is on; null when all messages are sent as they are. */
  summary: summarySchema.nullable(),
  messages: z.array(
    z.strictObject({
      ...messageSchema.shape,
      /** Ids of all messages with the same parent, oldest first, itself included: `<2/3>` in the window. */
      variantIds: z.array(idSchema),
    }),
  ),
});
/** See {@link conversationDetailSchema}. */
export type ConversationDetail = z.infer<typeof conversationDetailSchema>;
/** A message of the shown path. */
export type ShownMessage = ConversationDetail['messages'][number];

/** A request that failed before anything arrived is made again, later. */
export const replyWaitSchema = z.strictObject({
  /** The number of the request that comes next: 2 is the first retry. */
  attempt: z.number().int().min(2),
  maxAttempts: z.number().int().min(2),
  /** When it comes, unless a person says now. */
  retryAt: timestampSchema,
  /** What became of the last one. */
  reason: z.enum(ERROR_CODES),
});
/** See {@link replyWaitSchema}. */
export type ReplyWait = z.infer<typeof replyWaitSchema>;

/** A running reply as a window that (re)attaches needs it. */
export const liveReplySchema = z.strictObject({
  streamId: idSchema,
  messageId: idSchema,
  conversationId: idSchema,
  text: z.string(),
  reasoning: z.string(),
  /** null while a request is under way. */
  waiting: replyWaitSchema.nullable(),
  lastSeq: z.number().int().nonnegative(),
});
/** See {@link liveReplySchema}. */
export type LiveReply = z.infer<typeof liveReplySchema>;
