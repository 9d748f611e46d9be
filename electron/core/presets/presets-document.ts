import { z } from 'zod';
import { presetSchema, promptSchema } from '../../contract/model/preset.ts';

/** A preset as it rests on disk. */
export const storedPresetSchema = z.object(presetSchema.shape);
/** A prompt as it rests on disk. */
export const storedPromptSchema = z.object(promptSchema.shape);

/** The file with both. Entries are parsed one by one, so that a damaged one cannot take the others along. */
export const presetsDocumentSchema = z.object({
  version: z.literal(1),
  presets: z.array(z.unknown()),
  prompts: z.array(z.unknown()),
});
