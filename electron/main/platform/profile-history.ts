import { join } from 'node:path';
import { AppError } from '../../contract/app-error.ts';
import { createHistoryFiles } from '../../core/history/create-history-files.ts';
import type { HistoryFiles } from '../../core/history/history-files.ts';
import type { Clock } from '../../core/ports.ts';
import type { ProfileFolder } from './profile-folder.ts';

/** The history of a profile. In one that cannot be written everything is refused with the reason. */
export function createProfileHistory(profile: ProfileFolder, workerUrl: URL, clock: Clock): HistoryFiles {
  const { blocked } = profile;
  if (blocked === null)
    return createHistoryFiles({ databaseFile: join(profile.path, 'history.sqlite'), workerUrl }, clock);
  const refuse = () =>
    Promise.reject(new AppError(blocked.code, blocked.message, { details: blocked.details }));
  return {
    open: refuse,
    check: refuse,
    listBackups: refuse,
    makeBackup: refuse,
    makeDailyBackup: refuse,
    removeBackup: refuse,
    requestRestore: refuse,
    purgeBackups: refuse,
    listBackedUpHashes: refuse,
    idle: () => Promise.resolve(),
  };
}
