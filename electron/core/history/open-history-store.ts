import { Worker } from 'node:worker_threads';
import { AppError } from '../../contract/app-error.ts';
import type { AttachmentStore } from '../attachments/attachment-store.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { HistoryStore } from './history-store.ts';
import type {
  AttachmentMethod,
  HistoryMethod,
  HistoryReply,
  HistoryRequest,
  HistoryWorkerData,
  LedgerMethod,
} from './worker-protocol.ts';

/** Where the history is and what runs it. */
export interface HistoryLocation {
  /** Path of the SQLite file; made, with its folder, when absent. */
  readonly databaseFile: string;
  /** `history-worker.ts` in tests, its built form in the app. */
  readonly workerUrl: URL;
}

/** Starts the worker and opens the database in it. A damaged one is repaired. Rejects with `storage/*` when it cannot be opened; deletes nothing. */
export async function openHistoryStore(location: HistoryLocation, now: number): Promise<HistoryStore> {
  const workerData: HistoryWorkerData = { databaseFile: location.databaseFile, now, job: null };
  const client = new WorkerClient(new Worker(location.workerUrl, { workerData }));
  // A worker that cannot open the database ends by itself.
  await client.opened;
  return createStore(client);
}

/** One line per method: a missing or wrongly typed one does not compile. */
function createStore(client: WorkerClient): HistoryStore {
  const forward =
    <M extends HistoryMethod>(method: M) =>
    (...input: Parameters<HistoryStore[M]>) =>
      client.call(method, input);
  return {
    startReport: forward('startReport'),
    listConversations: forward('listConversations'),
    findConversation: forward('findConversation'),
    openConversation: forward('openConversation'),
    findMessage: forward('findMessage'),
    readGeneration: forward('readGeneration'),
    pathTo: forward('pathTo'),
    renameConversation: forward('renameConversation'),
    isUntitled: forward('isUntitled'),
    nameConversation: forward('nameConversation'),
    writeSummary: forward('writeSummary'),
    chooseModel: forward('chooseModel'),
    setGeneration: forward('setGeneration'),
    listConversationsByKey: forward('listConversationsByKey'),
    removeConversation: forward('removeConversation'),
    restoreConversation: forward('restoreConversation'),
    purgeRemoved: forward('purgeRemoved'),
    search: forward('search'),
    showVariant: forward('showVariant'),
    countBelow: forward('countBelow'),
    removeMessage: forward('removeMessage'),
    restoreMessage: forward('restoreMessage'),
    branchConversation: forward('branchConversation'),
    startReply: forward('startReply'),
    resumeReply: forward('resumeReply'),
    appendChunk: forward('appendChunk'),
    endReply: forward('endReply'),
    interruptUnfinished: forward('interruptUnfinished'),
    readDraft: forward('readDraft'),
    writeDraft: forward('writeDraft'),
    readNewChat: forward('readNewChat'),
    writeNewChat: forward('writeNewChat'),
    forgetConnection: forward('forgetConnection'),
    mergeImport: forward('mergeImport'),
    stopImport: forward('stopImport'),
    close: () => client.close(),
    ledger: createLedger(client),
    attachments: createAttachments(client),
  };
}

function createLedger(client: WorkerClient): LedgerStore {
  const forward =
    <M extends LedgerMethod>(method: M) =>
    (...input: Parameters<LedgerStore[M]>) =>
      // `as`: the worker answers with what the method of that name returns.
      client.ask(`ledger.${method}`, input) as ReturnType<LedgerStore[M]>;
  return {
    openEntry: forward('openEntry'),
    changeKey: forward('changeKey'),
    closeEntry: forward('closeEntry'),
    dropEntry: forward('dropEntry'),
    listOpenEntries: forward('listOpenEntries'),
    readSpending: forward('readSpending'),
    sumByMessage: forward('sumByMessage'),
    readReport: forward('readReport'),
    listModels: forward('listModels'),
    listEntries: forward('listEntries'),
  };
}

function createAttachments(client: WorkerClient): AttachmentStore {
  const forward =
    <M extends AttachmentMethod>(method: M) =>
    (...input: Parameters<AttachmentStore[M]>) =>
      // `as`: the worker answers with what the method of that name returns.
      client.ask(`attachments.${method}`, input) as ReturnType<AttachmentStore[M]>;
  return {
    addToDraft: forward('addToDraft'),
    addToMessage: forward('addToMessage'),
    listDraft: forward('listDraft'),
    removeFromDraft: forward('removeFromDraft'),
    restoreToDraft: forward('restoreToDraft'),
    find: forward('find'),
    listSendable: forward('listSendable'),
    listHashes: forward('listHashes'),
    purge: forward('purge'),
  };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
}

/** Calls to the worker and their answers. A worker that dies rejects what waits and whatever comes later. */
class WorkerClient {
  readonly opened: Promise<unknown>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #nextId = 1;
  #death: AppError | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.opened = this.#expect(0);
    worker.on('message', (reply: HistoryReply) => {
      this.#settle(reply);
    });
    worker.on('error', (error) => {
      this.#die(new AppError('storage/failed', 'The history stopped working.', { cause: error }));
    });
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#die(new AppError('storage/failed', 'The history is closed.'));
        resolve();
      });
    });
  }

  call<M extends HistoryMethod>(method: M, input: Parameters<HistoryStore[M]>): ReturnType<HistoryStore[M]> {
    // `as`: the worker answers with what the method of that name returns.
    return this.ask(method, input) as ReturnType<HistoryStore[M]>;
  }

  ask(method: HistoryRequest['method'], input: readonly unknown[]): Promise<unknown> {
    if (this.#death !== null) return Promise.reject(this.#death);
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = this.#expect(id);
    const request: HistoryRequest = { id, method, input };
    this.#worker.postMessage(request);
    return answer;
  }

  async close(): Promise<void> {
    if (this.#death !== null) return;
    await this.call('close', []);
    await this.#exited;
  }

  #expect(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #settle(reply: HistoryReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.value);
    else
      waiting?.reject(new AppError(reply.error.code, reply.error.message, { details: reply.error.details }));
  }

  #die(error: AppError): void {
    this.#death ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#death);
    this.#waiting.clear();
  }
}
