import { join } from 'node:path';
import { AppError, type WireError } from '../../contract/app-error.ts';
import type { HistoryStore } from '../../core/history/history-store.ts';
import { openHistoryStore } from '../../core/history/open-history-store.ts';
import type { ProfileFolder } from './profile-folder.ts';

/** Opens the history in its worker, or says why it cannot be: the app starts either way. */
export async function openHistoryFile(
  profile: ProfileFolder,
  workerUrl: URL,
): Promise<HistoryStore | WireError> {
  if (profile.blocked !== null) return profile.blocked;
  try {
    return await openHistoryStore({
      databaseFile: join(profile.path, 'history.sqlite'),
      workerUrl,
    });
  } catch (error) {
    if (error instanceof AppError) return error.toWire();
    throw error;
  }
}
