import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { MAX_ATTACHMENTS } from '../model/attachment.ts';
import { liveReplySchema, messageSchema } from '../model/conversation.ts';
import { generationSchema } from '../model/generation.ts';
import { idSchema, nothingSchema } from '../model/ids.ts';
import { PLAIN_GENERATION } from '../model/plain.ts';

const modelSchema = z.string().trim().min(1).max(200);

/** Which connection, key (`null`: the one the connection uses) and model answer. */
const target = { connectionId: idSchema, keyId: idSchema.nullable().default(null), model: modelSchema };

/** What the person has said yes to by a button, for this one request. */
const consent = {
  /** Sends it although it looks as if an API key were in it (`secret/key-in-message`). */
  isKeyIntended: z.boolean().default(false),
  /** Sends it although a budget is used up (`budget/exceeded`, `budget/unknown-price`). */
  isOverBudgetAllowed: z.boolean().default(false),
  /** Sends it although it is dear (`budget/large-request`). */
  isCostAccepted: z.boolean().default(false),
  /** Leaves out the oldest messages where that is asked about (`request/context-too-long`). */
  isOmissionAccepted: z.boolean().default(false),
};

/** A reply was started: the ids a window needs before the first event. */
export const startedReplySchema = z.strictObject({
  conversationId: idSchema,
  streamId: idSchema,
  userMessage: messageSchema,
  assistantMessage: messageSchema,
});

/** Asking and answering. Main owns the stream; the window watches. */
export const chatRoutes = {
  /**
   * Stores the user's message durably, then starts the reply. `conversationId: null` starts a conversation.
   * Bounded in the service (by UTF-8 bytes), so that too long a message gets its own error code; the schema's cap is only a backstop.
   */
  'chat.send': defineRoute({
    windows: ['chat'],
    input: z.strictObject({
      conversationId: idSchema.nullable(),
      ...target,
      text: z.string().max(64 * 1_048_576),
      /** A message of the user's that this one is another version of: both stay, as variants. null: at the end of the shown path. */
      editedMessageId: idSchema.nullable().default(null),
      /** Files of the draft, or of a message of the conversation. With one, the text may be ''. */
      attachmentIds: z.array(idSchema).max(MAX_ATTACHMENTS).default([]),
      /** Files of the edited message that do not go along; its others do. */
      removedAttachmentIds: z.array(idSchema).max(MAX_ATTACHMENTS).default([]),
      /** How answers are made where the message starts a conversation; one that is there has its own. */
      generation: generationSchema.default(PLAIN_GENERATION),
      ...consent,
    }),
    output: startedReplySchema,
  }),
  /** Asks again for the answer `messageId`: a new variant beside it. The old one is kept. */
  'chat.regenerate': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ messageId: idSchema, ...target, ...consent }),
    output: startedReplySchema,
  }),
  /** Goes on where an interrupted or stopped answer ended: the same message grows. */
  'chat.continue': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ messageId: idSchema, ...target, ...consent }),
    output: startedReplySchema,
  }),
  /** Idempotent: an unknown or finished stream is fine. */
  'chat.cancel': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ streamId: idSchema }),
    output: nothingSchema,
  }),
  /** Ends the wait before a retry. Idempotent: a stream that is not waiting is fine. */
  'chat.retryNow': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ streamId: idSchema }),
    output: nothingSchema,
  }),
  /** The running reply of a conversation, or null. A window calls it after every (re)load and drops `seq` <= `lastSeq`. */
  'chat.attach': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ conversationId: idSchema }),
    output: liveReplySchema.nullable(),
  }),
} as const;
