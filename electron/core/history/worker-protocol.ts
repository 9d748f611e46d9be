import type { WireError } from '../../contract/app-error.ts';
import type { HistoryStore } from './history-store.ts';

/** A method of the store that the worker runs. */
export type HistoryMethod = keyof HistoryStore;

/** What the worker is started with. */
export interface HistoryWorkerData {
  readonly databaseFile: string;
}

/** One call. Calls are answered in the order they were made. */
export interface HistoryRequest {
  readonly id: number;
  readonly method: HistoryMethod;
  readonly input: readonly unknown[];
}

/** The answer to the call with the same id; id 0 says whether the database could be opened. */
export type HistoryReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: WireError };
