import { z } from 'zod';
import { timestampSchema } from './ids.ts';

/**
 * Why a backup is there. `daily` and `manual`: made while Latchkey ran. `upgrade`: made before a new version changed the
 * database. `replaced`: was the history until another backup was restored. `damaged`: what was left when the database was repaired.
 */
export const backupKindSchema = z.enum(['daily', 'manual', 'upgrade', 'replaced', 'damaged']);
/** See {@link backupKindSchema}. */
export type BackupKind = z.infer<typeof backupKindSchema>;

/** The form of a backup's name, which is a file name in the folder of backups. */
export const BACKUP_NAME = /^history-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})-(\d{3})Z\.([a-z]+)\.sqlite$/;

/** A copy of the history. */
export const backupSchema = z.strictObject({
  name: z.string().regex(BACKUP_NAME),
  kind: backupKindSchema,
  madeAt: timestampSchema,
  bytes: z.number().int().nonnegative(),
});
/** See {@link backupSchema}. */
export type Backup = z.infer<typeof backupSchema>;
