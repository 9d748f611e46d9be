import { Worker } from 'node:worker_threads';
import { AppError } from '../../contract/app-error.ts';
import type { Clock } from '../ports.ts';
import type { HistoryFiles } from './history-files.ts';
import { openHistoryStore, type HistoryLocation } from './open-history-store.ts';
import type { HistoryJob, HistoryReply, HistoryWorkerData } from './worker-protocol.ts';

/** The history as files, in their real places. */
export function createHistoryFiles(location: HistoryLocation, clock: Clock): HistoryFiles {
  let lastJob: Promise<unknown> = Promise.resolve();
  const run = <T>(job: HistoryJob): Promise<T> => {
    const running = lastJob.then(() => runInThread(location, job, clock.now()));
    lastJob = running.catch(() => undefined);
    // `as`: the worker answers with what the job of that kind returns.
    return running as Promise<T>;
  };
  return {
    open: () => openHistoryStore(location, clock.now()),
    check: () => run({ kind: 'check' }),
    listBackups: () => run({ kind: 'list-backups' }),
    makeBackup: (backup) => run({ kind: 'make-backup', backup }),
    makeDailyBackup: () => run({ kind: 'make-daily-backup' }),
    removeBackup: (name) => run({ kind: 'remove-backup', name }),
    requestRestore: (name) => run({ kind: 'request-restore', name }),
    purgeBackups: () => run({ kind: 'purge-backups' }),
    listBackedUpHashes: () => run({ kind: 'list-backed-up-hashes' }),
    idle: async () => void (await lastJob),
  };
}

/** A thread for one job: it ends by itself after the answer. */
function runInThread(
  { databaseFile, workerUrl }: HistoryLocation,
  job: HistoryJob,
  now: number,
): Promise<unknown> {
  const workerData: HistoryWorkerData = { databaseFile, now, job };
  const worker = new Worker(workerUrl, { workerData });
  return new Promise((resolve, reject) => {
    worker.once('message', (reply: HistoryReply) => {
      if (reply.ok) resolve(reply.value);
      else reject(new AppError(reply.error.code, reply.error.message, { details: reply.error.details }));
    });
    worker.once('error', (cause) => {
      reject(new AppError('storage/failed', 'A job on the history stopped working.', { cause }));
    });
    worker.once('exit', () => {
      reject(new AppError('storage/failed', 'A job on the history ended without an answer.'));
    });
  });
}
