import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { idSchema, noInputSchema, nothingSchema } from '../model/ids.ts';
import { transferStatusSchema } from '../model/transfer.ts';

/** `cancelled`: in the system's dialog. The rest is told by `transfer.changed`. */
const startedSchema = z.strictObject({ outcome: z.enum(['started', 'cancelled']) });

/** Conversations into the history and out of it. Where files are is chosen in the system's own dialogs: no window learns it. */
export const transferRoutes = {
  'transfer.status': defineRoute({ windows: ['chat'], input: noInputSchema, output: transferStatusSchema }),
  'transfer.import': defineRoute({ windows: ['chat'], input: noInputSchema, output: startedSchema }),
  'transfer.export': defineRoute({
    windows: ['chat'],
    input: z.discriminatedUnion('form', [
      z.strictObject({ form: z.literal('json'), conversationId: z.null() }),
      /** null: all of them. */
      z.strictObject({ form: z.literal('markdown'), conversationId: idSchema.nullable() }),
    ]),
    output: startedSchema,
  }),
  /** Ends what runs as soon as it can be ended; nothing of it stays. Fine when nothing runs. */
  'transfer.cancel': defineRoute({ windows: ['chat'], input: noInputSchema, output: nothingSchema }),
  /** Forgets how the last one ended. */
  'transfer.dismiss': defineRoute({ windows: ['chat'], input: noInputSchema, output: nothingSchema }),
} as const;
