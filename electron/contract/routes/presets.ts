import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { idSchema, noInputSchema, nothingSchema } from '../model/ids.ts';
import { listedPresetSchema, newChatSchema, presetSchema, promptSchema } from '../model/preset.ts';

const byId = z.strictObject({ id: idSchema });
/** For so long a removed one can be restored. */
const undoSchema = z.strictObject({ undoMs: z.number().int().positive() });

/** Presets, prompts, and the choice for the chat that has not begun. */
export const presetRoutes = {
  'presets.list': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: z.array(listedPresetSchema),
  }),
  /** `id: null` makes a new one. */
  'presets.save': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ ...presetSchema.shape, id: idSchema.nullable() }),
    output: listedPresetSchema,
  }),
  'presets.remove': defineRoute({ windows: ['chat'], input: byId, output: undoSchema }),
  'presets.restore': defineRoute({ windows: ['chat'], input: byId, output: listedPresetSchema }),
  'prompts.list': defineRoute({ windows: ['chat'], input: noInputSchema, output: z.array(promptSchema) }),
  /** `id: null` makes a new one. */
  'prompts.save': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ ...promptSchema.shape, id: idSchema.nullable() }),
    output: promptSchema,
  }),
  'prompts.remove': defineRoute({ windows: ['chat'], input: byId, output: undoSchema }),
  'prompts.restore': defineRoute({ windows: ['chat'], input: byId, output: promptSchema }),
  /** null: nothing was chosen, so the defaults hold. */
  'newChat.get': defineRoute({ windows: ['chat'], input: noInputSchema, output: newChatSchema.nullable() }),
  'newChat.save': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ choice: newChatSchema.nullable() }),
    output: nothingSchema,
  }),
} as const;
