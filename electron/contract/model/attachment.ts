import { z } from 'zod';
import { idSchema } from './ids.ts';

/** Most files that a person adds to one message. */
export const MAX_ATTACHMENTS = 20;
/** Most files of one message: an answer that is continued can have more pictures than a person may add. */
export const MAX_STORED_ATTACHMENTS = 200;

/** What a file is to a model: a picture, text (code included), or a PDF that is sent as it is. */
export const attachmentKindSchema = z.enum(['image', 'text', 'pdf']);
/** See {@link attachmentKindSchema}. */
export type AttachmentKind = z.infer<typeof attachmentKindSchema>;

/** A file of a message. Its bytes are stored under their hash, beside the database. */
export const attachmentSchema = z.strictObject({
  id: idSchema,
  kind: attachmentKindSchema,
  /** As the person knows it, without a folder; safe to show and to use as a file name. */
  name: z.string().min(1).max(200),
  /** e.g. `image/png`, `text/plain`, `application/pdf`. */
  mediaType: z.string().max(100),
  /** Of what is stored and sent, not of what was picked. */
  byteCount: z.number().int().nonnegative(),
  /** SHA-256 of the stored bytes, in hex. The chat window shows a picture as `/attachments/HASH` of its own origin. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** In pixels; null unless it is a picture. */
  width: z.number().int().positive().nullable(),
  height: z.number().int().positive().nullable(),
});
/** See {@link attachmentSchema}. */
export type Attachment = z.infer<typeof attachmentSchema>;
