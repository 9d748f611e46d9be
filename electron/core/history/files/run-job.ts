import { AppError } from '../../../contract/app-error.ts';
import { mapSqliteError } from '../map-sqlite-error.ts';
import type { HistoryJob } from '../worker-protocol.ts';
import { findBackup, listBackups } from './backup-folder.ts';
import { removeDatabase, type FileSystem } from './file-system.ts';
import { historyPaths } from './history-paths.ts';
import { readState, writeState } from './history-state.ts';
import { isDailyBackupDue, isWholeDatabase, makeBackup } from './make-backup.ts';
import { listBackedUpHashes } from './list-backed-up-hashes.ts';
import { purgeBackups } from './purge-backups.ts';

/** What a job works with. */
export interface JobOptions {
  readonly databaseFile: string;
  readonly files: FileSystem;
  readonly now: number;
}

/** Does one job and returns its answer. Throws `storage/*`. */
export function runJob(job: HistoryJob, options: JobOptions): unknown {
  try {
    return run(job, options);
  } catch (error) {
    throw mapSqliteError(error, options.databaseFile);
  }
}

function run(job: HistoryJob, { databaseFile, files, now }: JobOptions): unknown {
  const paths = historyPaths(databaseFile);
  switch (job.kind) {
    case 'check': {
      const isDamaged = !isWholeDatabase(databaseFile);
      const state = readState(files, paths);
      writeState(
        files,
        paths,
        isDamaged ? { ...state, pending: { kind: 'repair', keptAs: null } } : { ...state, checkedAt: now },
      );
      return { isDamaged };
    }
    case 'list-backups':
      return listBackups(files, paths.backups);
    case 'make-backup':
      return makeBackup(files, paths, { kind: job.backup, at: now });
    case 'make-daily-backup':
      return isDailyBackupDue(files, paths, now)
        ? makeBackup(files, paths, { kind: 'daily', at: now })
        : null;
    case 'remove-backup':
      return removeDatabase(files, findBackup(files, paths.backups, job.name).file);
    case 'request-restore': {
      const { name, kind } = findBackup(files, paths.backups, job.name);
      if (kind === 'damaged') throw new AppError('storage/corrupt', 'This file is damaged.');
      // First out of the backups: what was deleted must not come back.
      purgeBackups(files, paths, 'at-once');
      return writeState(files, paths, { ...readState(files, paths), pending: { kind: 'restore', name } });
    }
    case 'purge-backups':
      return purgeBackups(files, paths, 'once-nobody-reads');
    case 'list-backed-up-hashes':
      return listBackedUpHashes(files, paths);
    default:
      return job satisfies never;
  }
}
