import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { MAX_FILE_BYTES } from '../model/attachment-limits.ts';
import { bytesSchema } from '../model/bytes.ts';
import { attachmentSchema, MAX_ATTACHMENTS } from '../model/attachment.ts';
import { idSchema, noInputSchema } from '../model/ids.ts';

/** `null` is the new chat. */
const draft = { conversationId: idSchema.nullable() };

/** Takes a text although it looks as if an API key were in it (`secret/key-in-message`): what is taken is kept in clear. */
const intent = { isKeyIntended: z.boolean().default(false) };

/** The files of drafts. A window never learns where a file lies, only what it is called. */
export const attachmentRoutes = {
  /** Lets the person pick files in the system's dialog. They are read one by one, by `attachments.addPicked`, until the next pick. */
  'attachments.pick': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: z.strictObject({
      files: z
        .array(
          z.strictObject({ pickId: idSchema, name: z.string(), byteCount: z.number().int().nonnegative() }),
        )
        .max(MAX_ATTACHMENTS),
      /** More were picked than a message can have: these are the first ones. */
      isCut: z.boolean(),
    }),
  }),
  'attachments.addPicked': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ ...draft, ...intent, pickId: idSchema }),
    output: attachmentSchema,
  }),
  /** Adds what was dropped on the window or pasted into it. One byte more than is taken passes, so that it gets its own error. */
  'attachments.add': defineRoute({
    windows: ['chat'],
    input: z.strictObject({
      ...draft,
      ...intent,
      name: z.string().max(1_000),
      bytes: bytesSchema.refine(({ byteLength }) => byteLength <= MAX_FILE_BYTES + 1),
    }),
    output: attachmentSchema,
  }),
  /** The files of a draft, in their order. */
  'attachments.draft': defineRoute({
    windows: ['chat'],
    input: z.strictObject(draft),
    output: z.array(attachmentSchema),
  }),
  /** Takes a file off a draft; it is deleted after `undoMs` unless restored. */
  'attachments.remove': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ ...draft, id: idSchema }),
    output: z.strictObject({ undoMs: z.number().int().positive() }),
  }),
  'attachments.restore': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ ...draft, id: idSchema }),
    output: z.array(attachmentSchema),
  }),
  /** Saves a file of a message or draft where the person says in the system's dialog. */
  'attachments.save': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ id: idSchema }),
    output: z.strictObject({ outcome: z.enum(['saved', 'cancelled']) }),
  }),
};
