import type { Backup, BackupKind } from '../../contract/model/backup.ts';
import type { BackedUpHashes } from './files/list-backed-up-hashes.ts';
import type { HistoryStore } from './history-store.ts';

/** What was done to open a history that was damaged. Counts are what is in the new database. */
export interface RepairReport {
  /** File name, in the folder of backups, under which the damaged database is kept. */
  readonly keptAs: string;
  readonly conversationCount: number;
  readonly messageCount: number;
  /** Of these, messages that only a backup still had. */
  readonly fromBackupCount: number;
}

/** What opening the history found. */
export interface StartReport {
  readonly repair: RepairReport | null;
  /** A backup that was asked for could not be read, so that the present history was kept. */
  readonly hasRestoreFailed: boolean;
  /** The last run did not end by itself, or the last full check is too long ago. */
  readonly isCheckDue: boolean;
}

/**
 * The history as files: opening, checking, backups. Jobs run one at a time in a thread of their own with a connection of their
 * own, so that a question or an answer never waits for them. All errors are `AppError`s with `storage/*`.
 */
export interface HistoryFiles {
  /** Opens the history, mending what has to be mended first. */
  open(): Promise<HistoryStore>;
  /** Reads the whole database. Damage is noted, and mended when the history is opened next. */
  check(): Promise<{ readonly isDamaged: boolean }>;
  listBackups(): Promise<readonly Backup[]>;
  makeBackup(kind: BackupKind): Promise<Backup>;
  /** Makes one when the last daily one is a day old. */
  makeDailyBackup(): Promise<Backup | null>;
  removeBackup(name: string): Promise<void>;
  /** Notes that this backup takes the place of the history when it is opened next. The present one becomes a backup. What was deleted for good leaves the backup first. */
  requestRestore(name: string): Promise<void>;
  /** Deletes from the backups what was deleted for good. */
  purgeBackups(): Promise<void>;
  /** The hashes of the files that backups refer to, and from when one is that cannot be read. */
  listBackedUpHashes(): Promise<BackedUpHashes>;
  /** Resolves when no job runs. */
  idle(): Promise<void>;
}
