import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../contract/app-error.ts';
import { nodeFileSystem } from './files/file-system.ts';
import { historyPaths } from './files/history-paths.ts';
import { readState, writeState } from './files/history-state.ts';
import { runJob } from './files/run-job.ts';
import { HistoryDatabase } from './history-database.ts';
import type { HistoryReply, HistoryRequest, HistoryWorkerData } from './worker-protocol.ts';

// SQLite waits for locks and disks by blocking its thread: this one, so that main's event loop never does.

/** The index of an older history waits until the window has what it shows first, ... */
const INDEX_DELAY_MS = 2_000;
/** ... and leaves the thread to calls after each step. */
const INDEX_PAUSE_MS = 10;

/** A call that is done in steps. */
interface UnderWay {
  readonly method: HistoryRequest['method'];
  readonly steps: Generator<void, unknown>;
}

const port = parentPort;
if (port === null) throw new Error('the history worker runs as a worker thread only');

const { databaseFile, now, job } = workerData as HistoryWorkerData;
let database: HistoryDatabase | null = null;
let indexTimer: NodeJS.Timeout | null = null;
/** Calls that have begun. */
const underWay = new Map<number, UnderWay>();

if (job !== null) {
  const task = job;
  answer(0, () => runJob(task, { databaseFile, files: nodeFileSystem, now }));
  end();
} else {
  answer(0, () => {
    database = new HistoryDatabase({ databaseFile, files: nodeFileSystem, now });
    return null;
  });
  if (database === null) end();
  else serve();
}

function serve(): void {
  port?.on('message', (request: HistoryRequest) => {
    if (request.method === 'close') stopSteps();
    const outcome = outcomeOf(request.id, () => call(request));
    if (outcome.ok && isGenerator(outcome.value)) {
      underWay.set(request.id, { method: request.method, steps: outcome.value });
      step(request.id);
    } else port.postMessage(outcome);
    if (request.method === 'close') end();
  });
  continueIndexAfter(INDEX_DELAY_MS);
}

function call({ method, input }: HistoryRequest): unknown {
  if (database === null) throw new AppError('storage/failed', 'The history is not open.');
  const [first, second] = method.split('.');
  const parts: Readonly<Record<string, object>> = {
    ledger: database.ledger,
    attachments: database.attachments,
  };
  const [owner, name] = second === undefined ? [database, first] : [parts[first ?? ''], second];
  if (owner === undefined) throw new AppError('storage/failed', 'The history has no such part.');
  // `as`: the caller is our own typed client; the union of all methods has no common signature.
  const member = owner[name as never] as (...values: readonly unknown[]) => unknown;
  return member.apply(owner, [...input]);
}

/** Goes one step, then lets whatever has arrived meanwhile go first. */
function step(id: number): void {
  const begun = underWay.get(id);
  if (begun === undefined) return;
  const outcome = outcomeOf(id, () => begun.steps.next());
  const next = outcome.ok ? (outcome.value as IteratorResult<void, unknown>) : null;
  if (next?.done === false) {
    setImmediate(() => step(id));
    return;
  }
  underWay.delete(id);
  // What was imported waits for the index.
  if (begun.method === 'mergeImport') continueIndexAfter(INDEX_DELAY_MS);
  port?.postMessage(next === null ? outcome : { id, ok: true, value: next.value ?? null });
}

function stopSteps(): void {
  if (indexTimer !== null) clearTimeout(indexTimer);
  for (const [id, { steps }] of underWay) {
    // Lets go of what it holds, such as another database.
    outcomeOf(id, () => steps.return(undefined));
    const error = new AppError('storage/failed', 'The history is closed.').toWire();
    port?.postMessage({ id, ok: false, error } satisfies HistoryReply);
  }
  underWay.clear();
}

function continueIndexAfter(delayMs: number): void {
  if (indexTimer !== null) clearTimeout(indexTimer);
  indexTimer = setTimeout(() => {
    // A step that fails (a full disk, say) is tried again at the next start: search says that it is not complete.
    const outcome = outcomeOf(0, () => database?.advanceIndex());
    if (outcome.ok && outcome.value === true) continueIndexAfter(INDEX_PAUSE_MS);
  }, delayMs);
  indexTimer.unref();
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
    if (known.code === 'storage/corrupt' && database !== null) noteDamage();
    return { id, ok: false, error: known.toWire() };
  }
}

/** What was met while running is repaired at the next opening. */
function noteDamage(): void {
  const paths = historyPaths(databaseFile);
  try {
    const state = readState(nodeFileSystem, paths);
    if (state.pending === null)
      writeState(nodeFileSystem, paths, { ...state, pending: { kind: 'repair', keptAs: null } });
  } catch {
    // The call that met the damage reports it; without the note, it is found again after the next start.
  }
}

function isGenerator(value: unknown): value is Generator<void, unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value && 'throw' in value;
}
