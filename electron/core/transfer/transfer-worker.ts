import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../contract/app-error.ts';
import { createBlobStore } from '../attachments/blob-store.ts';
import { nodeFileSystem, removeDatabase } from '../history/files/file-system.ts';
import { ImportStage } from '../history/transfer/import-stage.ts';
import type { TransferredAttachment } from '../history/transfer/transferred.ts';
import type { ExportReport, ImportReport, TransferProgress } from '../../contract/model/transfer.ts';
import { FileImport } from './import-files.ts';
import { writeMarkdown } from './markdown/write-markdown.ts';
import { writeExport } from './own/write-export.ts';
import { openSource } from './source/open-source.ts';
import { TransferCancelled, type TransferContext } from './transfer-context.ts';
import type {
  KeepReply,
  KeepRequest,
  PictureSize,
  TransferJob,
  TransferMessage,
  TransferWorkerData,
} from './transfer-protocol.ts';

// One transfer, in a thread of its own with its own connection: reading and writing never hold up an answer or the window.

/** So often a window is told how far it is. */
const REPORT_MS = 80;

const port = parentPort;
if (port === null) throw new Error('the transfer worker runs as a worker thread only');

const { databaseFile, blobFolder, job, cancelFlag } = workerData as TransferWorkerData;
const blobs = createBlobStore(blobFolder);
const cancelled = new Int32Array(cancelFlag);
const waiting = new Map<number, (reply: KeepReply) => void>();
let nextId = 1;
let reportedAt = 0;

port.on('message', (reply: KeepReply) => {
  waiting.get(reply.id)?.(reply);
  waiting.delete(reply.id);
});

const context: TransferContext = {
  databaseFile,
  assertGoesOn() {
    if (Atomics.load(cancelled, 0) !== 0) throw new TransferCancelled();
  },
  report,
  readFile: (hash) => blobs.read(hash).catch(ignoreMissing),
  // `as`: the other side answers a request to keep with a hash, and those for pictures with what they are.
  keep: async (bytes) => (await ask((id) => ({ kind: 'keep', id, bytes }))) as string,
  keepStoredPicture: async (bytes) =>
    (await ask((id) => ({ kind: 'keep-stored-picture', id, bytes }))) as PictureSize | null,
  keepPicture: async (bytes, name) =>
    (await ask((id) => ({ kind: 'keep-picture', id, bytes, name }))) as TransferredAttachment | null,
};

say(await outcomeOf(job));
// The thread ends by itself once nothing can arrive any more.
port.close();

async function outcomeOf(task: TransferJob): Promise<TransferMessage> {
  try {
    return { kind: 'done', report: await run(task) };
  } catch (error) {
    if (error instanceof TransferCancelled) return { kind: 'cancelled' };
    const known = error instanceof AppError ? error : new AppError('storage/failed', 'The transfer failed.');
    return { kind: 'failed', error: known.toWire() };
  }
}

function run(task: TransferJob): Promise<ImportReport | ExportReport> {
  switch (task.kind) {
    case 'export-json':
      return writeExport(context, task.target);
    case 'export-markdown':
      return writeMarkdown(context, task.target, task.conversationId);
    case 'import':
      return runImport(task.sources, task.stageFile);
    default:
      return task satisfies never;
  }
}

async function runImport(sources: readonly string[], stageFile: string): Promise<ImportReport> {
  removeDatabase(nodeFileSystem, stageFile);
  const source = await openSource(sources);
  let stage: ImportStage | null = null;
  try {
    stage = new ImportStage(stageFile, databaseFile);
    const found = await new FileImport(context, { source, stage, now: Date.now() }).run();
    context.assertGoesOn();
    stage.finish();
    stage.close();
    return found;
  } catch (error) {
    stage?.close();
    removeDatabase(nodeFileSystem, stageFile);
    throw error;
  } finally {
    await source.close();
  }
}

function ignoreMissing(error: unknown): null {
  if (error instanceof AppError && error.code.startsWith('attachment/')) return null;
  throw error;
}

function report(progress: TransferProgress): void {
  const now = performance.now();
  const isLast = progress.done === progress.total;
  if (now - reportedAt < REPORT_MS && !isLast) return;
  reportedAt = now;
  say({ kind: 'progress', progress });
}

function ask(request: (id: number) => KeepRequest): Promise<KeepReply['kept']> {
  const id = nextId;
  nextId += 1;
  return new Promise((resolve, reject) => {
    waiting.set(id, ({ kept, error }) => {
      if (error === null) resolve(kept);
      else reject(new AppError(error.code, error.message, { details: error.details }));
    });
    const asked = request(id);
    const { buffer, byteLength } = asked.bytes;
    // Handed over rather than copied, where the bytes have a memory of their own; nobody looks at them here again.
    const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    port?.postMessage(asked, isOwn ? [buffer] : []);
  });
}

function say(message: TransferMessage): void {
  port?.postMessage(message);
}
