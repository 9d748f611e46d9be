import type { WireError } from '../../contract/app-error.ts';
import type { ExportReport, ImportReport, TransferProgress } from '../../contract/model/transfer.ts';
import type { TransferredAttachment } from '../history/transfer/transferred.ts';

/** What a transfer thread is to do. */
export type TransferJob =
  | { readonly kind: 'import'; readonly sources: readonly string[]; readonly stageFile: string }
  | { readonly kind: 'export-json'; readonly target: string }
  /** `conversationId` null: all of them, into a folder that is made. */
  | { readonly kind: 'export-markdown'; readonly target: string; readonly conversationId: string | null };

/** What the thread is started with. */
export interface TransferWorkerData {
  readonly databaseFile: string;
  /** Where the bytes of files are, by their hash. */
  readonly blobFolder: string;
  readonly job: TransferJob;
  /** One 32-bit integer; not 0: end as soon as possible. */
  readonly cancelFlag: SharedArrayBuffer;
}

/** A picture in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** What the thread asks for: bytes to be kept as they are, as they are if they are a stored picture, or as a picture of unknown origin. */
export type KeepRequest =
  | { readonly kind: 'keep'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'keep-stored-picture'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'keep-picture'; readonly id: number; readonly bytes: Uint8Array; readonly name: string };

/** The answer to a request; null: it was refused. */
export interface KeepReply {
  readonly id: number;
  readonly kept: TransferredAttachment | PictureSize | string | null;
  readonly error: WireError | null;
}

/** What the thread says. `done`, `cancelled` or `failed` comes last. */
export type TransferMessage =
  | { readonly kind: 'progress'; readonly progress: TransferProgress }
  | KeepRequest
  | { readonly kind: 'done'; readonly report: ImportReport | ExportReport }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: WireError };
