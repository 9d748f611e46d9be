import { AppError } from '../../contract/app-error.ts';
import { MAX_IMAGE_EDGE, MAX_STORED_IMAGE_BYTES } from '../../contract/model/attachment-limits.ts';
import type { ParsedInput } from '../../contract/contract.ts';
import type {
  ExportReport,
  ImportReport,
  TransferProgress,
  TransferStatus,
  TransferTask,
} from '../../contract/model/transfer.ts';
import type { AddBlob } from '../attachments/blob-keeper.ts';
import type { PreparedImage } from '../attachments/image-preparer.ts';
import { sniffImage, type ImageType } from '../attachments/sniff-image.ts';
import type { TransferredAttachment } from '../history/transfer/transferred.ts';
import type { AttachmentService } from '../attachments/attachment-service.ts';
import { nodeFileSystem, removeDatabase } from '../history/files/file-system.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Clock, Desktop, EventSink, Logger } from '../ports.ts';
import { assertExportAllowed } from '../policy/assert-export-allowed.ts';
import type { Policy } from '../policy/policy.ts';
import { redactError } from '../redaction/redact-error.ts';
import type { Redactor } from '../redaction/redactor.ts';
import { localDay } from '../ledger/local-day.ts';
import { markdownFileName } from './markdown/markdown-file-name.ts';
import { runTransfer, type RunningTransfer, type TransferHooks, type TransferPlace } from './run-transfer.ts';
import type { PictureSize, TransferJob } from './transfer-protocol.ts';

/** What moving conversations in and out needs. */
export interface TransferDependencies {
  readonly place: TransferPlace;
  readonly history: HistoryStore;
  readonly attachments: Pick<AttachmentService, 'withBlobs'>;
  readonly desktop: Desktop;
  readonly policy: Policy;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly redactor: Redactor;
  /** Decodes a picture of a stranger away from everything else, and writes it anew. */
  readonly preparePicture: (bytes: Uint8Array, mediaType: ImageType) => Promise<PreparedImage>;
  /** Decodes a picture there and says how large it is; one that is larger than what is stored is told to be so. */
  readonly measurePicture: (bytes: Uint8Array, mediaType: ImageType) => Promise<PictureSize>;
  /** Called when there are new conversations. */
  readonly onImported: () => Promise<void>;
  /** Called when a transfer, however it ended, no longer holds on to what was deleted meanwhile. */
  readonly onReleased: () => Promise<void>;
  /** Called when a part of an import is in the history that nobody has seen, and that is to go again. Never rejects. */
  readonly onDropped: () => Promise<void>;
}

/** What is asked of an export. */
export type ExportRequest = ParsedInput<'transfer.export'>;

const AT_BEGINNING = {
  import: { phase: 'reading', unit: 'bytes', done: 0, total: 0 },
  export: { phase: 'writing', unit: 'conversations', done: 0, total: 0 },
} as const satisfies Record<TransferTask, TransferProgress>;

/** One transfer at a time: asks where, runs it, tells how far it is and how it ended. */
export class TransferService {
  readonly #dependencies: TransferDependencies;
  #status: TransferStatus = { kind: 'idle' };
  #running: RunningTransfer | null = null;
  #ended: Promise<void> = Promise.resolve();
  /** From the dialog on: a second dialog must not open behind the first. */
  #isBusy = false;
  #isMerging = false;
  #isStopping = false;

  constructor(dependencies: TransferDependencies) {
    this.#dependencies = dependencies;
  }

  status(): TransferStatus {
    return this.#status;
  }

  /** Removes what a crash in the middle of an import left behind. */
  start(): void {
    try {
      removeDatabase(nodeFileSystem, this.#stageFile());
    } catch (error) {
      this.#dependencies.logger.warn('could not remove an unfinished import', { error });
    }
  }

  /** Asks for files and begins to read them. Throws `transfer/busy`. */
  import(): Promise<{ outcome: 'started' | 'cancelled' }> {
    return this.#begin('import', async () => {
      const sources = await this.#dependencies.desktop.pickImportFiles();
      return sources === null ? null : { kind: 'import', sources, stageFile: this.#stageFile() };
    });
  }

  /** Asks where to and begins to write. Throws `policy/export`, `transfer/busy`. */
  export(request: ExportRequest): Promise<{ outcome: 'started' | 'cancelled' }> {
    assertExportAllowed(this.#dependencies.policy);
    return this.#begin('export', async () => {
      const target = await this.#dependencies.desktop.pickExportTarget(await this.#describeTarget(request));
      if (target === null) return null;
      return request.form === 'json'
        ? { kind: 'export-json', target }
        : { kind: 'export-markdown', target, conversationId: request.conversationId };
    });
  }

  cancel(): void {
    if (this.#status.kind !== 'running') return;
    this.#running?.cancel();
    // Rejects when the history closes, which ends the import as well.
    if (this.#isMerging) this.#dependencies.history.stopImport().catch(() => undefined);
    this.#show({ ...this.#status, isCancelling: true });
  }

  dismiss(): void {
    if (this.#status.kind === 'ended') this.#show({ kind: 'idle' });
  }

  /** Cancels what runs and waits until nothing of it is left. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.cancel();
    await this.#ended;
  }

  async #begin(
    task: TransferTask,
    ask: () => Promise<TransferJob | null>,
  ): Promise<{ outcome: 'started' | 'cancelled' }> {
    if (this.#isBusy) throw new AppError('transfer/busy', 'Conversations are already on their way.');
    this.#isBusy = true;
    try {
      const job = await ask();
      if (job === null) {
        this.#isBusy = false;
        return { outcome: 'cancelled' };
      }
      this.#show({ kind: 'running', task, progress: AT_BEGINNING[task], isCancelling: false });
      this.#ended = this.#run(task, job);
      return { outcome: 'started' };
    } catch (error) {
      this.#isBusy = false;
      throw error;
    }
  }

  async #run(task: TransferTask, job: TransferJob): Promise<void> {
    const { logger, redactor, clock } = this.#dependencies;
    const end = (outcome: (TransferStatus & { kind: 'ended' })['outcome']): void => {
      this.#isBusy = false;
      this.#running = null;
      this.#show({ kind: 'ended', task, endedAt: clock.now(), outcome });
    };
    try {
      const report = await this.#runReleased(job);
      end(report === null ? { kind: 'cancelled' } : { kind: 'done', report });
    } catch (error) {
      const known = error instanceof AppError ? error : new AppError('internal', 'The transfer failed.');
      logger.warn('a transfer failed', { task, code: known.code });
      end({ kind: 'failed', error: redactError(known.toWire(), redactor) });
    }
  }

  async #runReleased(job: TransferJob): Promise<ImportReport | ExportReport | null> {
    try {
      return job.kind === 'import' ? await this.#runImport(job) : await this.#runExport(job);
    } finally {
      await this.#dependencies.onReleased();
    }
  }

  async #runImport(job: TransferJob & { kind: 'import' }): Promise<ImportReport | ExportReport | null> {
    const { history, attachments, onImported, onDropped } = this.#dependencies;
    let isPartial = false;
    try {
      // What is kept here stays until the rows that refer to it are written.
      const report = await attachments.withBlobs(async (add) => {
        const found = await this.#runJob(job, {
          keep: add,
          keepStoredPicture: (bytes) => this.#keepStoredPicture(add, bytes),
          keepPicture: (bytes, name) => this.#keepPicture(add, bytes, name),
        });
        this.#advance({ phase: 'saving', unit: 'conversations', done: 0, total: 0 });
        // Cancelled after the last byte was read: still nothing of it is in the history.
        if (found === null || this.#isCancelling()) return null;
        this.#isMerging = true;
        isPartial = true;
        const counts = await history.mergeImport(job.stageFile);
        this.#isMerging = false;
        isPartial = counts === null;
        return counts === null ? null : found;
      });
      if (report !== null) await onImported();
      return report;
    } finally {
      this.#isMerging = false;
      removeDatabase(nodeFileSystem, job.stageFile);
      // Nobody waits for this: nothing of it can be seen, and what is left when the program ends goes at the next start.
      if (isPartial && !this.#isStopping) void onDropped();
    }
  }

  /** Only what could have been stored here: our own exports stay as they are to the byte, and nobody else is believed. */
  async #keepStoredPicture(add: AddBlob, bytes: Uint8Array): Promise<PictureSize | null> {
    const found = sniffImage(bytes);
    if (found === null || bytes.byteLength > MAX_STORED_IMAGE_BYTES) return null;
    const size = await orNull(this.#dependencies.measurePicture(bytes, found));
    if (size === null || Math.max(size.width, size.height) > MAX_IMAGE_EDGE) return null;
    await add(bytes);
    return size;
  }

  /** One that cannot be prepared is left out, and counted. */
  async #keepPicture(add: AddBlob, bytes: Uint8Array, name: string): Promise<TransferredAttachment | null> {
    const found = sniffImage(bytes);
    if (found === null) return null;
    const picture = await orNull(this.#dependencies.preparePicture(bytes, found));
    if (picture === null) return null;
    const { mediaType, width, height } = picture;
    const ending = mediaType.slice(mediaType.indexOf('/') + 1).replace('jpeg', 'jpg');
    const hash = await add(picture.bytes);
    const byteCount = picture.bytes.byteLength;
    return { kind: 'image', name: `${name}.${ending}`, mediaType, byteCount, hash, width, height };
  }

  #runExport(job: TransferJob): Promise<ImportReport | ExportReport | null> {
    return this.#runJob(job, {
      keep: () => Promise.reject(new AppError('internal', 'An export keeps nothing.')),
      keepStoredPicture: () => Promise.resolve(null),
      keepPicture: () => Promise.resolve(null),
    });
  }

  #runJob(
    job: TransferJob,
    keeping: Omit<TransferHooks, 'onProgress'>,
  ): Promise<ImportReport | ExportReport | null> {
    const running = runTransfer(this.#dependencies.place, job, {
      ...keeping,
      onProgress: (progress) => this.#advance(progress),
    });
    this.#running = running;
    if (this.#isCancelling()) running.cancel();
    return running.ended;
  }

  #isCancelling(): boolean {
    return this.#status.kind === 'running' && this.#status.isCancelling;
  }

  #advance(progress: TransferProgress): void {
    if (this.#status.kind === 'running') this.#show({ ...this.#status, progress });
  }

  #show(status: TransferStatus): void {
    this.#status = status;
    this.#dependencies.events.emit({ name: 'transfer.changed', payload: status });
  }

  #stageFile(): string {
    return `${this.#dependencies.place.databaseFile.replace(/\.sqlite$/, '')}.import.sqlite`;
  }

  async #describeTarget({
    form,
    conversationId,
  }: ExportRequest): Promise<Parameters<Desktop['pickExportTarget']>[0]> {
    const day = localDay(this.#dependencies.clock.now());
    if (form === 'json') return { kind: 'json', defaultName: `latchkey-conversations-${day}.json` };
    if (conversationId === null) return { kind: 'folder', defaultName: `latchkey-conversations-${day}` };
    const conversation = await this.#dependencies.history.findConversation(conversationId);
    if (conversation === null) throw new AppError('chat/not-found', 'This conversation is no longer here.');
    return { kind: 'markdown', defaultName: markdownFileName(conversation.title) };
  }
}

/** What came of a picture; null when it is none that can be used. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('attachment/')) return null;
    throw error;
  }
}
