import { AppError, type WireError } from '../../contract/app-error.ts';
import type { HistoryFiles } from './history-files.ts';
import type { HistoryStore } from './history-store.ts';

/** Opens the history, or says why it cannot be: the app starts either way. */
export async function openHistory(files: HistoryFiles): Promise<HistoryStore | WireError> {
  try {
    return await files.open();
  } catch (error) {
    if (error instanceof AppError) return error.toWire();
    throw error;
  }
}
