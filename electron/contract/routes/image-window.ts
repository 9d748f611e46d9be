import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { bytesSchema } from '../model/bytes.ts';
import { MEASURED_EDGE } from '../model/attachment-limits.ts';
import { idSchema, noInputSchema, nothingSchema } from '../model/ids.ts';

const imageTypeSchema = z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/** A picture to decode, make smaller and write anew. */
export const imageTaskSchema = z.strictObject({
  id: idSchema,
  bytes: bytesSchema,
  mediaType: imageTypeSchema,
  maxEdge: z.number().int().positive(),
  maxPixels: z.number().int().positive(),
  maxBytes: z.number().int().positive(),
});
/** See {@link imageTaskSchema}. */
export type ImageTask = z.infer<typeof imageTaskSchema>;

/** What became of a picture. */
export const imageOutcomeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('done'),
    bytes: bytesSchema,
    mediaType: imageTypeSchema,
    width: z.number().int().positive().max(MEASURED_EDGE),
    height: z.number().int().positive().max(MEASURED_EDGE),
  }),
  z.strictObject({ kind: z.literal('unreadable') }),
  z.strictObject({
    kind: z.literal('too-large'),
    width: z.number().int().nonnegative(),
    height: z.number().int().nonnegative(),
  }),
]);
/** See {@link imageOutcomeSchema}. */
export type ImageOutcome = z.infer<typeof imageOutcomeSchema>;

/** For the hidden window in which foreign pictures are decoded, and for no other. It asks; nothing is sent to it unasked. */
export const imageWindowRoutes = {
  /** The next picture. Answers when there is one. */
  'imageWindow.next': defineRoute({ windows: ['image'], input: noInputSchema, output: imageTaskSchema }),
  'imageWindow.finish': defineRoute({
    windows: ['image'],
    input: z.strictObject({ id: idSchema, outcome: imageOutcomeSchema }),
    output: nothingSchema,
  }),
};
