import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { noInputSchema, nothingSchema } from '../model/ids.ts';
import { networkEntrySchema } from '../model/network.ts';

/** What Latchkey contacted. */
export const networkRoutes = {
  /** The requests of this session, newest first. */
  'network.list': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: z.array(networkEntrySchema),
  }),
  'network.clear': defineRoute({ windows: ['chat'], input: noInputSchema, output: nothingSchema }),
} as const;
