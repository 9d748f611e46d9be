import { z } from 'zod';

/** What ChatGPT writes changes without notice: whatever is not as expected counts as absent, and the rest is read. */
const text = z.string().nullish().catch(null);
const anything = z.record(z.string(), z.unknown()).nullish().catch(null);

/** Content of a message: which of the fields are there depends on `content_type`. */
export const contentSchema = z.looseObject({
  content_type: z.string(),
  parts: z.array(z.unknown()).nullish().catch(null),
  text,
  result: text,
  title: text,
  url: text,
  content: text,
  thoughts: z
    .array(z.looseObject({ summary: text, content: text }))
    .nullish()
    .catch(null),
});
/** See {@link contentSchema}. */
export type ChatGPTContent = z.infer<typeof contentSchema>;

/** A message. */
export const chatGPTMessageSchema = z.looseObject({
  author: z.looseObject({ role: z.string(), name: text }),
  create_time: z.unknown().optional(),
  content: contentSchema,
  status: text,
  recipient: text,
  metadata: anything,
});
/** See {@link chatGPTMessageSchema}. */
export type ChatGPTMessage = z.infer<typeof chatGPTMessageSchema>;

/** A node of the tree: its message can be absent. */
export const nodeSchema = z.looseObject({
  parent: text,
  children: z.array(z.unknown()).nullish().catch(null),
  message: z.unknown().optional(),
});
/** See {@link nodeSchema}. */
export type ChatGPTNode = z.infer<typeof nodeSchema>;

/** A conversation; without its mapping it is none. */
export const chatGPTConversationSchema = z.looseObject({
  title: text,
  create_time: z.unknown().optional(),
  update_time: z.unknown().optional(),
  mapping: z.custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  ),
  current_node: text,
  conversation_id: text,
  id: text,
});
/** See {@link chatGPTConversationSchema}. */
export type ChatGPTConversation = z.infer<typeof chatGPTConversationSchema>;

/** A picture inside a message. */
export const picturePartSchema = z.looseObject({
  content_type: z.literal('image_asset_pointer'),
  asset_pointer: z.string().max(1_000),
});

/** Something spoken inside a message. */
export const spokenPartSchema = z.looseObject({
  content_type: z.literal('audio_transcription'),
  text: z.string(),
});

/** A page that an answer names. */
export const referenceSchema = z.looseObject({
  start_idx: z.number().int().nonnegative(),
  end_idx: z.number().int().nonnegative(),
  title: text,
  url: text,
  items: z
    .array(z.looseObject({ title: text, url: text }))
    .nullish()
    .catch(null),
});
