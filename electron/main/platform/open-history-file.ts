import { join } from 'node:path';
import { AppError, type WireError } from '../../contract/app-error.ts';
import type { HistoryStore } from '../../core/history/history-store.ts';
import type { ProfileFolder } from './profile-folder.ts';

/** Opens the history in its worker, or says why it cannot be: the app starts either way. */
export async function openHistoryFile(profile: ProfileFolder): Promise<HistoryStore | WireError> {
  if (profile.blocked !== null) return profile.blocked;
  void join;
  void AppError;
  return { code: 'storage/failed', message: 'history is not there yet', details: {} };
}
