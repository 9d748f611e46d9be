import type { WireError } from '../../contract/app-error.ts';
import type { BackupKind } from '../../contract/model/backup.ts';
import type { AttachmentStore } from '../attachments/attachment-store.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { HistoryStore } from './history-store.ts';

/** A method of the history that the worker runs. */
export type HistoryMethod = Exclude<keyof HistoryStore, 'ledger' | 'attachments'>;
/** A method of the ledger that it runs. */
export type LedgerMethod = keyof LedgerStore;
/** A method of what is known of files that it runs. */
export type AttachmentMethod = keyof AttachmentStore;

/** What the worker is started with. */
export interface HistoryWorkerData {
  readonly databaseFile: string;
  readonly now: number;
  /** null: serve the store. Otherwise the one thing to do before ending. */
  readonly job: HistoryJob | null;
}

/** Something done with the files, in a thread of its own. */
export type HistoryJob =
  | { readonly kind: 'check' }
  | { readonly kind: 'list-backups' }
  | { readonly kind: 'make-backup'; readonly backup: BackupKind }
  | { readonly kind: 'make-daily-backup' }
  | { readonly kind: 'remove-backup'; readonly name: string }
  | { readonly kind: 'request-restore'; readonly name: string }
  | { readonly kind: 'purge-backups' }
  | { readonly kind: 'list-backed-up-hashes' };

/** One call. Calls are answered in the order they were made, but for those that take steps (search, purge). */
export interface HistoryRequest {
  readonly id: number;
  readonly method: HistoryMethod | `ledger.${LedgerMethod}` | `attachments.${AttachmentMethod}`;
  readonly input: readonly unknown[];
}

/** The answer to the call with the same id; id 0 says whether the database could be opened, or answers the job. */
export type HistoryReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: WireError };
