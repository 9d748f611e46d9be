import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { BACKUP_NAME, backupSchema } from '../model/backup.ts';
import { noInputSchema, nothingSchema } from '../model/ids.ts';

const byName = z.strictObject({ name: z.string().max(100).regex(BACKUP_NAME) });

/** Copies of the history. */
export const backupRoutes = {
  /** Newest first. */
  'backups.list': defineRoute({ windows: ['chat'], input: noInputSchema, output: z.array(backupSchema) }),
  'backups.make': defineRoute({ windows: ['chat'], input: noInputSchema, output: backupSchema }),
  'backups.remove': defineRoute({ windows: ['chat'], input: byName, output: nothingSchema }),
  /** Keeps the present history as a backup, puts this one in its place and restarts. */
  'backups.restore': defineRoute({ windows: ['chat'], input: byName, output: nothingSchema }),
  /** Tries again to open a history that could not be opened. Answers whether it is open now. */
  'history.reopen': defineRoute({
    windows: ['chat'],
    input: noInputSchema,
    output: z.strictObject({ isOpen: z.boolean() }),
  }),
} as const;
