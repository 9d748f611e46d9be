import { z } from 'zod';
import { BACKUP_NAME } from '../../../contract/model/backup.ts';
import type { FileSystem } from './file-system.ts';
import type { HistoryPaths } from './history-paths.ts';

const stateSchema = z.object({
  /** When the whole database was last read and found in order. */
  checkedAt: z.number().nonnegative().nullable().catch(null),
  /** What the next opening does first. */
  pending: z
    .discriminatedUnion('kind', [
      /** `keptAs`: the name the damaged database gets, once it was chosen. */
      z.strictObject({ kind: z.literal('repair'), keptAs: z.string().regex(BACKUP_NAME).nullable() }),
      z.strictObject({ kind: z.literal('restore'), name: z.string().regex(BACKUP_NAME) }),
    ])
    .nullable()
    .catch(null),
});

/** See {@link readState}. */
export type HistoryState = z.infer<typeof stateSchema>;

const EMPTY: HistoryState = { checkedAt: null, pending: null };

/** What is known about the database besides itself: kept beside it, since a damaged one cannot be asked. */
export function readState(files: FileSystem, paths: HistoryPaths): HistoryState {
  if (!files.exists(paths.state)) return EMPTY;
  try {
    return stateSchema.parse(JSON.parse(files.read(paths.state).toString('utf8')));
  } catch {
    // Nothing in it is worth refusing to start: at worst a check is made once more.
    return EMPTY;
  }
}

/** Replaces the state, whole or not at all. */
export function writeState(files: FileSystem, paths: HistoryPaths, state: HistoryState): void {
  const fresh = `${paths.state}.new`;
  files.write(fresh, JSON.stringify(state));
  files.rename(fresh, paths.state);
}
