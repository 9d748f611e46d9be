import { z } from 'zod';
import { messageRoleSchema } from './conversation.ts';
import { idSchema, timestampSchema } from './ids.ts';

/** Hits beyond these are neither counted nor ranked: the newest are. */
export const MAX_SEARCH_HITS = 1_000;

/** A message that was found. */
export const searchHitSchema = z.strictObject({
  conversationId: idSchema,
  conversationTitle: z.string(),
  messageId: idSchema,
  role: messageRoleSchema,
  model: z.string().nullable(),
  createdAt: timestampSchema,
  /** The passage with the hit as plain text, never markup. */
  snippet: z.strictObject({
    text: z.string(),
    /** The found parts of `text`: pairs of start and end in UTF-16 units, ascending, not touching. */
    ranges: z.array(z.tuple([z.number().int().nonnegative(), z.number().int().positive()]).readonly()),
  }),
});
/** See {@link searchHitSchema}. */
export type SearchHit = z.infer<typeof searchHitSchema>;

/** What to search for. */
export const searchRequestSchema = z.strictObject({
  /** Words (all must occur), "phrases", the last word as a prefix. Any text is allowed; its first 400 units count. */
  query: z.string().max(1_048_576),
  role: z.enum(['user', 'assistant']).nullable().default(null),
  model: z.string().max(200).nullable().default(null),
  conversationId: idSchema.nullable().default(null),
  /** Only messages of this moment or later. */
  from: timestampSchema.nullable().default(null),
  /** Only messages before this moment. */
  to: timestampSchema.nullable().default(null),
  /** Hits to leave out: those that are shown already. */
  offset: z.number().int().min(0).max(MAX_SEARCH_HITS).default(0),
  limit: z.number().int().min(1).max(100).default(30),
});
/** See {@link searchRequestSchema}. */
export type SearchRequest = z.infer<typeof searchRequestSchema>;

/** What was found. */
export const searchResultSchema = z.strictObject({
  /** Best first. */
  hits: z.array(searchHitSchema),
  total: z.number().int().nonnegative(),
  /** There may be more than `total`. */
  isTotalCapped: z.boolean(),
  /** False while messages of an older version are still being indexed: some may be missing. */
  isIndexComplete: z.boolean(),
  /** True when a later search came in between; the result is then empty. */
  isSuperseded: z.boolean(),
});
/** See {@link searchResultSchema}. */
export type SearchResult = z.infer<typeof searchResultSchema>;
