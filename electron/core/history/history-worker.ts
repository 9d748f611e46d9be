import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../contract/app-error.ts';
import { HistoryDatabase } from './history-database.ts';
import type { HistoryReply, HistoryRequest, HistoryWorkerData } from './worker-protocol.ts';

// SQLite waits for locks and disks by blocking its thread: this one, so that main's event loop never does.

const port = parentPort;
if (port === null) throw new Error('the history worker runs as a worker thread only');

const { databaseFile } = workerData as HistoryWorkerData;
let database: HistoryDatabase | null = null;

answer(0, () => {
  database = new HistoryDatabase(databaseFile);
  return null;
});
if (database === null) end();

port.on('message', ({ id, method, input }: HistoryRequest) => {
  answer(id, () => {
    if (database === null) throw new AppError('storage/failed', 'The history is not open.');
    return run(database, method, input);
  });
  if (method === 'close') end();
});

function run(open: HistoryDatabase, method: HistoryRequest['method'], input: readonly unknown[]): unknown {
  const [first, second] = method.split('.');
  const [owner, name] = second === undefined ? [open, first] : [open.ledger, second];
  // `as`: the caller is our own typed client; the union of all methods has no common signature.
  const call = owner[name as never] as (...values: readonly unknown[]) => unknown;
  return call.apply(owner, [...input]);
}

/** The thread ends by itself once nothing can arrive any more. Ending it from outside could hit SQLite in the middle of a call. */
function end(): void {
  port?.close();
}

function answer(id: number, action: () => unknown): void {
  port?.postMessage(outcomeOf(id, action));
}

function outcomeOf(id: number, action: () => unknown): HistoryReply {
  try {
    return { id, ok: true, value: action() ?? null };
  } catch (error) {
    const known = error instanceof AppError ? error : new AppError('storage/failed', String(error));
    return { id, ok: false, error: known.toWire() };
  }
}
