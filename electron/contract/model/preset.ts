import { z } from 'zod';
import { generationSchema } from './generation.ts';
import { idSchema } from './ids.ts';

/** Presets that can be kept. */
export const MAX_PRESETS = 200;
/** Prompts that can be kept. */
export const MAX_PROMPTS = 500;
/** Longest text of a prompt, in UTF-16 units. */
export const MAX_PROMPT_LENGTH = 100_000;

const nameSchema = z.string().trim().min(1).max(80);

/** A way of answering under a name. */
export const presetSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  /** null: whichever is chosen. */
  connectionId: idSchema.nullable(),
  /** null: whichever is chosen. */
  model: z.string().trim().min(1).max(200).nullable(),
  generation: generationSchema,
});
/** See {@link presetSchema}. */
export type Preset = z.infer<typeof presetSchema>;

/** Why the connection or the model of a preset does not come into force; the rest of it does. */
export const presetObstacleSchema = z.enum(['connection-removed', 'connection-refused', 'model-refused']);
/** See {@link presetObstacleSchema}. */
export type PresetObstacle = z.infer<typeof presetObstacleSchema>;

/** A preset as a window shows it. */
export const listedPresetSchema = z.strictObject({
  ...presetSchema.shape,
  obstacle: presetObstacleSchema.nullable(),
});
/** See {@link listedPresetSchema}. */
export type ListedPreset = z.infer<typeof listedPresetSchema>;

/** A text to ask with again and again. `{{name}}` in it is asked for when it is used (docs/presets.md). */
export const promptSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  text: z.string().min(1).max(MAX_PROMPT_LENGTH),
});
/** See {@link promptSchema}. */
export type Prompt = z.infer<typeof promptSchema>;

/** What was chosen for the chat that has not begun. */
export const newChatSchema = z.strictObject({
  /** null: the default preset's, else the default. */
  connectionId: idSchema.nullable(),
  /** null: whichever the connection uses. */
  keyId: idSchema.nullable(),
  /** null: the default preset's, else the connection's. */
  model: z.string().max(200).nullable(),
  /** null: the default preset's, else plain. */
  generation: generationSchema.nullable(),
});
/** See {@link newChatSchema}. */
export type NewChat = z.infer<typeof newChatSchema>;
