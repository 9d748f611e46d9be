import { Worker } from 'node:worker_threads';
import { AppError } from '../../contract/app-error.ts';
import type { ExportReport, ImportReport, TransferProgress } from '../../contract/model/transfer.ts';
import type { TransferredAttachment } from '../history/transfer/transferred.ts';
import type {
  KeepReply,
  KeepRequest,
  PictureSize,
  TransferJob,
  TransferMessage,
  TransferWorkerData,
} from './transfer-protocol.ts';

/** A thread may take so much for JavaScript; what needs more is made to use it up, and ends alone. */
const MAX_HEAP_MB = 1_024;

/** So long an import that was cancelled may take to end by itself: in the middle of one item nobody asks. */
const GRACE_MS = 3_000;

/** Where transfers happen. */
export interface TransferPlace {
  readonly databaseFile: string;
  readonly blobFolder: string;
  /** `transfer-worker.ts` in tests, its built form in the app. */
  readonly workerUrl: URL;
}

/** What a running transfer tells and asks. */
export interface TransferHooks {
  readonly onProgress: (progress: TransferProgress) => void;
  readonly keep: (bytes: Uint8Array) => Promise<string>;
  readonly keepStoredPicture: (bytes: Uint8Array) => Promise<PictureSize | null>;
  readonly keepPicture: (bytes: Uint8Array, name: string) => Promise<TransferredAttachment | null>;
}

/** A transfer that runs in its thread. */
export interface RunningTransfer {
  /** The report; null when it was cancelled. Rejects with `storage/*` or `transfer/*`. */
  readonly ended: Promise<ImportReport | ExportReport | null>;
  readonly cancel: () => void;
}

/** Starts a thread for one transfer; it ends by itself. */
export function runTransfer(place: TransferPlace, job: TransferJob, hooks: TransferHooks): RunningTransfer {
  const cancelFlag = new SharedArrayBuffer(4);
  const workerData: TransferWorkerData = {
    databaseFile: place.databaseFile,
    blobFolder: place.blobFolder,
    job,
    cancelFlag,
  };
  const worker = new Worker(place.workerUrl, {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  let isGivenUp = false;
  let graceTimer: NodeJS.Timeout | null = null;
  const ended = new Promise<ImportReport | ExportReport | null>((resolve, reject) => {
    worker.on('message', (message: TransferMessage) => {
      switch (message.kind) {
        case 'progress':
          hooks.onProgress(message.progress);
          return;
        case 'keep':
        case 'keep-stored-picture':
        case 'keep-picture':
          void answer(message, hooks).then((reply) => worker.postMessage(reply));
          return;
        case 'done':
          resolve(message.report);
          return;
        case 'cancelled':
          resolve(null);
          return;
        case 'failed':
          reject(new AppError(message.error.code, message.error.message, { details: message.error.details }));
          return;
        default:
          message satisfies never;
      }
    });
    worker.once('error', (cause) => reject(stopped(cause)));
    worker.once('exit', () => (isGivenUp ? resolve(null) : reject(stopped(null))));
  });
  const cancel = (): void => {
    Atomics.store(new Int32Array(cancelFlag), 0, 1);
    // An export asks often enough, and has to clear away what it has written.
    if (job.kind !== 'import' || graceTimer !== null) return;
    graceTimer = setTimeout(() => {
      isGivenUp = true;
      void worker.terminate();
    }, GRACE_MS);
    worker.once('exit', () => clearTimeout(graceTimer ?? undefined));
  };
  return { ended, cancel };
}

async function answer(request: KeepRequest, hooks: TransferHooks): Promise<KeepReply> {
  try {
    return { id: request.id, kept: await keepAs(request, hooks), error: null };
  } catch (error) {
    const known =
      error instanceof AppError ? error : new AppError('storage/failed', 'A file could not be kept.');
    return { id: request.id, kept: null, error: known.toWire() };
  }
}

function keepAs(request: KeepRequest, hooks: TransferHooks): Promise<KeepReply['kept']> {
  switch (request.kind) {
    case 'keep':
      return hooks.keep(request.bytes);
    case 'keep-stored-picture':
      return hooks.keepStoredPicture(request.bytes);
    case 'keep-picture':
      return hooks.keepPicture(request.bytes, request.name);
    default:
      return request satisfies never;
  }
}

function stopped(cause: unknown): AppError {
  return new AppError('transfer/failed', 'The transfer stopped working.', { cause });
}
