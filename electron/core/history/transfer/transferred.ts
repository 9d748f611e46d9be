import { z } from 'zod';
import { ERROR_CODES } from '../../../contract/app-error.ts';
import { attachmentKindSchema, MAX_STORED_ATTACHMENTS } from '../../../contract/model/attachment.ts';
import { citationSchema, messageRoleSchema, usageSchema } from '../../../contract/model/conversation.ts';
import { effortSchema, generationSchema, verbositySchema } from '../../../contract/model/generation.ts';
import { idSchema, timestampSchema } from '../../../contract/model/ids.ts';

/** Longest name of a model or a tool, in UTF-16 units. */
export const MAX_NAME_LENGTH = 200;
/** Longest title that is taken in, in UTF-16 units. */
export const MAX_TRANSFERRED_TITLE_LENGTH = 1_000;
/** Most sources of a message that travel; what the app writes itself stays far below. */
export const MAX_CITATIONS = 10_000;

/** Where a title comes from, as the history stores it. */
const titleSourceSchema = z.string().regex(/^[a-z][a-z-]{0,39}$/);

/** A file of a message; its bytes travel apart, by their hash. */
const transferredAttachmentSchema = z.strictObject({
  kind: attachmentKindSchema,
  name: z.string().min(1).max(200),
  mediaType: z.string().max(100),
  byteCount: z.number().int().nonnegative(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  width: z.number().int().positive().nullable(),
  height: z.number().int().positive().nullable(),
});
/** See {@link transferredMessageSchema}. */
export type TransferredAttachment = z.infer<typeof transferredAttachmentSchema>;

/** A message as it travels: nothing of connections and keys, and of an error no more than its code. */
export const transferredMessageSchema = z.strictObject({
  id: idSchema,
  parentId: idSchema.nullable(),
  role: messageRoleSchema,
  text: z.string(),
  state: z.enum(['done', 'cancelled', 'interrupted', 'failed']),
  // A code of a later version is still an error.
  error: z.enum(ERROR_CODES).nullable().catch('internal'),
  model: z.string().max(MAX_NAME_LENGTH).nullable(),
  usage: usageSchema.nullable(),
  createdAt: timestampSchema,
  reasoning: z.string(),
  citations: z.array(citationSchema).max(MAX_CITATIONS),
  toolName: z.string().max(MAX_NAME_LENGTH).nullable(),
  omittedCount: z.number().int().nonnegative(),
  attachments: z.array(transferredAttachmentSchema).max(MAX_STORED_ATTACHMENTS),
});
/** See {@link transferredMessageSchema}. */
export type TransferredMessage = z.infer<typeof transferredMessageSchema>;

/** What a conversation is apart from its messages. */
const transferredHeadSchema = z.strictObject({
  id: idSchema,
  title: z.string().max(MAX_TRANSFERRED_TITLE_LENGTH),
  titleSource: titleSourceSchema,
  model: z.string().max(MAX_NAME_LENGTH).nullable(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
  generation: z.strictObject({
    ...generationSchema.shape,
    effort: effortSchema.nullable().catch(null),
    verbosity: verbositySchema.nullable().catch(null),
  }),
  summary: z.strictObject({ text: z.string(), upToMessageId: idSchema }).nullable(),
  /** The last message of the shown path. */
  headId: idSchema.nullable(),
  /** Of messages with one parent (null: of the first ones), which was shown when that part of the tree was last left. */
  shownVariants: z
    .array(z.strictObject({ parentId: idSchema.nullable(), messageId: idSchema }))
    .max(1_000_000),
});
/** See {@link transferredConversationSchema}. */
export type TransferredHead = z.infer<typeof transferredHeadSchema>;

/** A whole conversation as it travels; messages in the order of their arrival, so that a parent comes before its children. */
export const transferredConversationSchema = z.strictObject({
  ...transferredHeadSchema.shape,
  messages: z.array(transferredMessageSchema).max(1_000_000),
});
/** See {@link transferredConversationSchema}. */
export type TransferredConversation = z.infer<typeof transferredConversationSchema>;

/** What is wrong with the tree of a conversation, or null. */
export function findTreeProblem(conversation: TransferredConversation): string | null {
  const { messages, headId, summary, shownVariants } = conversation;
  const known = new Map<string, string | null>();
  for (const { id, parentId } of messages) {
    if (parentId !== null && !known.has(parentId)) return 'a message comes before what it follows';
    if (known.has(id)) return 'two messages have the same id';
    known.set(id, parentId);
  }
  if (headId !== null && !known.has(headId)) return 'the last shown message is not in it';
  if (summary !== null && !known.has(summary.upToMessageId)) return 'the summarised message is not in it';
  const variants = new Set<string | null>();
  for (const { parentId, messageId } of shownVariants) {
    if (known.get(messageId) !== parentId || variants.has(parentId))
      return 'a shown variant is not where it says';
    variants.add(parentId);
  }
  return null;
}

/** One message in the one way it is written: equal messages have equal text. */
export function messageToJson(message: TransferredMessage): string {
  const { usage } = message;
  return JSON.stringify({
    id: message.id,
    parentId: message.parentId,
    role: message.role,
    text: message.text,
    state: message.state,
    error: message.error,
    model: message.model,
    usage: usage === null ? null : usageInOrder(usage),
    createdAt: message.createdAt,
    reasoning: message.reasoning,
    citations: message.citations.map(({ url, title, start, end }) => ({ url, title, start, end })),
    toolName: message.toolName,
    omittedCount: message.omittedCount,
    attachments: message.attachments.map(({ kind, name, mediaType, byteCount, hash, width, height }) => ({
      kind,
      name,
      mediaType,
      byteCount,
      hash,
      width,
      height,
    })),
  });
}

/** What comes before the messages of a conversation, up to and with the bracket that opens their list. */
export function headToJson(head: TransferredHead): string {
  const { generation, summary } = head;
  const json = JSON.stringify({
    id: head.id,
    title: head.title,
    titleSource: head.titleSource,
    model: head.model,
    createdAt: head.createdAt,
    updatedAt: head.updatedAt,
    generation: {
      systemPrompt: generation.systemPrompt,
      effort: generation.effort,
      verbosity: generation.verbosity,
      usesWebSearch: generation.usesWebSearch,
      makesImages: generation.makesImages,
    },
    summary: summary === null ? null : { text: summary.text, upToMessageId: summary.upToMessageId },
    headId: head.headId,
    shownVariants: head.shownVariants.map(({ parentId, messageId }) => ({ parentId, messageId })),
  });
  return `${json.slice(0, -1)},"messages":[`;
}

function usageInOrder(usage: NonNullable<TransferredMessage['usage']>) {
  // JSON leaves out what is undefined.
  return {
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cachedInputTokens: usage.cachedInputTokens,
    cacheWriteTokens: usage.cacheWriteTokens,
    reasoningTokens: usage.reasoningTokens,
  };
}
