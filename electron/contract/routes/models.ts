import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { modelCapabilitiesSchema } from '../model/capabilities.ts';
import { idSchema } from '../model/ids.ts';

/** What models can do. */
export const modelRoutes = {
  /** What is known of a model at a connection: from the table of this version, and from what its server took or refused. */
  'models.capabilities': defineRoute({
    windows: ['chat'],
    input: z.strictObject({ connectionId: idSchema, model: z.string().trim().min(1).max(200) }),
    output: modelCapabilitiesSchema,
  }),
} as const;
