import { z } from 'zod';

/** Longest system prompt, in UTF-16 units. */
export const MAX_SYSTEM_PROMPT_LENGTH = 100_000;

/** How hard a reasoning model thinks. Which of these a model takes is in its capabilities. */
export const effortSchema = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);
/** See {@link effortSchema}. */
export type Effort = z.infer<typeof effortSchema>;

/** How long answers are. */
export const verbositySchema = z.enum(['low', 'medium', 'high']);
/** See {@link verbositySchema}. */
export type Verbosity = z.infer<typeof verbositySchema>;

/** How the answers of a conversation are made. What a model cannot do is not sent to it. */
export const generationSchema = z.strictObject({
  /** '' is none. */
  systemPrompt: z.string().max(MAX_SYSTEM_PROMPT_LENGTH),
  /** null: as the model does unasked. */
  effort: effortSchema.nullable(),
  /** null: as the model does unasked. */
  verbosity: verbositySchema.nullable(),
  /** Whether the model may search the web. */
  usesWebSearch: z.boolean(),
  /** Whether the model may make pictures. */
  makesImages: z.boolean(),
});
/** See {@link generationSchema}. */
export type Generation = z.infer<typeof generationSchema>;
