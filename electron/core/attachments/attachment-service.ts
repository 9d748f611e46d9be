import { AppError } from '../../contract/app-error.ts';
import { MAX_FILE_BYTES, MAX_MESSAGE_FILE_BYTES } from '../../contract/model/attachment-limits.ts';
import { MAX_ATTACHMENTS, type Attachment } from '../../contract/model/attachment.ts';
import type { ParsedInput, RouteOutput } from '../../contract/contract.ts';
import { UNDO_MS } from '../conversations/conversation-service.ts';
import type { Clock, Desktop, IdSource, Logger, PickedFile } from '../ports.ts';
import type { AttachmentStore, NewAttachment } from './attachment-store.ts';
import { BlobKeeper, type AddBlob } from './blob-keeper.ts';
import type { KeySpotter } from '../vault/key-spotter.ts';
import { assertNoKeyInFile } from './assert-no-key-in-file.ts';
import type { BlobStore } from './blob-store.ts';
import type { ImagePreparer } from './image-preparer.ts';
import { readFileKind } from './read-file-kind.ts';
import { nameForType, safeFileName } from './safe-file-name.ts';
import { sniffImage } from './sniff-image.ts';

/** What the files of messages are kept with. */
export interface AttachmentDependencies {
  readonly store: AttachmentStore;
  readonly blobs: BlobStore;
  readonly images: Pick<ImagePreparer, 'prepare' | 'stop'>;
  readonly desktop: Desktop;
  readonly keySpotter: KeySpotter;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** The hashes that backups refer to, and when the newest was made that cannot be read; null: all can. */
  readonly listBackedUpHashes: () => Promise<{
    readonly hashes: readonly string[];
    readonly unreadAt: number | null;
  }>;
}

/** A picture that a model has made. */
export interface MadeImage {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly name: string;
}

/** A file as it is stored, before it has a hash. */
export type StoredFile = Pick<Attachment, 'kind' | 'name' | 'mediaType' | 'width' | 'height'> & {
  readonly bytes: Uint8Array;
};

interface UnpreparedFile {
  readonly bytes: Uint8Array;
  readonly name: string;
  /** How often a picture may be tried again. */
  readonly retries: number;
}

/** The files of messages and drafts: bytes in the blob store, all else in the history. */
export class AttachmentService {
  readonly #dependencies: AttachmentDependencies;
  readonly #keeper: BlobKeeper;
  /** What was picked last and not added yet. */
  readonly #picked = new Map<string, PickedFile>();
  /** Files that were taken off a draft and can still be put back, with the timer that ends that. */
  readonly #undoable = new Map<string, NodeJS.Timeout>();
  #collecting: Promise<void> = Promise.resolve();

  constructor(dependencies: AttachmentDependencies) {
    this.#dependencies = dependencies;
    this.#keeper = new BlobKeeper(dependencies.blobs);
  }

  /** Lets the person pick files; none of them is read yet. */
  async pick(): Promise<RouteOutput<'attachments.pick'>> {
    const picked = await this.#dependencies.desktop.pickFiles();
    this.#picked.clear();
    const files = picked.slice(0, MAX_ATTACHMENTS).map((file) => {
      const pickId = this.#dependencies.ids.next();
      this.#picked.set(pickId, file);
      return { pickId, name: safeFileName(file.name), byteCount: file.byteCount };
    });
    return { files, isCut: picked.length > MAX_ATTACHMENTS };
  }

  /** Adds a picked file to a draft. One that is refused can be tried again, until the next pick. */
  async addPicked({ pickId, ...rest }: ParsedInput<'attachments.addPicked'>): Promise<Attachment> {
    const file = this.#picked.get(pickId);
    if (file === undefined) throw notFound();
    return about(file.name, async () => {
      if (file.byteCount > MAX_FILE_BYTES) {
        throw new AppError('attachment/too-large', 'The file is too large.', {
          details: { byteCount: file.byteCount, maxBytes: MAX_FILE_BYTES },
        });
      }
      const bytes = await file.read(MAX_FILE_BYTES + 1);
      const added = await this.add({ ...rest, name: file.name, bytes });
      this.#picked.delete(pickId);
      return added;
    });
  }

  /** Adds a file to a draft. Refused with `attachment/*`, it leaves nothing behind. */
  add({ conversationId, name, bytes, isKeyIntended }: ParsedInput<'attachments.add'>): Promise<Attachment> {
    return about(name, async () => {
      const { store } = this.#dependencies;
      const others = await store.listDraft(conversationId);
      if (others.length >= MAX_ATTACHMENTS) throw tooMany();
      const file = await this.#prepare({ bytes, name: safeFileName(name), retries: 0 });
      if (!isKeyIntended) assertNoKeyInFile(file, this.#dependencies.keySpotter);
      assertTogether([...others.map(({ byteCount }) => byteCount), file.bytes.byteLength]);
      return this.#keep(file, (attachment) => store.addToDraft(conversationId, attachment));
    });
  }

  /**
   * Prepares a picture that a model has made. It is paid for, so a window that dies over it is no reason to lose it; one that dies
   * again is. Throws `attachment/*`.
   */
  prepareImage({ bytes, mediaType, name }: MadeImage): Promise<StoredFile> {
    return about(name, async () => {
      if (sniffImage(bytes) === null)
        throw new AppError('attachment/unsupported', 'This is no picture.', { details: { mediaType } });
      return this.#prepare({ bytes, name: safeFileName(name), retries: 1 });
    });
  }

  /** Puts a prepared picture at the end of its answer. Throws `storage/*`. */
  keepImage(messageId: string, file: StoredFile): Promise<Attachment> {
    return this.#keep(file, (attachment) => this.#dependencies.store.addToMessage(messageId, attachment));
  }

  async listDraft(conversationId: string | null): Promise<Attachment[]> {
    return [...(await this.#dependencies.store.listDraft(conversationId))];
  }

  /** Takes a file off a draft and deletes it once it can no longer be put back. */
  async remove(conversationId: string | null, id: string): Promise<{ undoMs: number }> {
    await this.#dependencies.store.removeFromDraft(conversationId, id);
    this.#forgetUndo(id);
    const timer = setTimeout(() => {
      this.#undoable.delete(id);
      void this.collect();
    }, UNDO_MS + 1_000);
    timer.unref();
    this.#undoable.set(id, timer);
    return { undoMs: UNDO_MS };
  }

  /** Puts a file that was taken off back at the end of the draft. */
  async restore(conversationId: string | null, id: string): Promise<Attachment[]> {
    await this.#dependencies.store.restoreToDraft(conversationId, id);
    this.#forgetUndo(id);
    return this.listDraft(conversationId);
  }

  /** Saves a file where the person says. */
  async save(id: string): Promise<'saved' | 'cancelled'> {
    const { store, desktop } = this.#dependencies;
    const { name, hash } = await store.find(id);
    return about(name, async () => {
      const bytes = await this.read(hash);
      return desktop.saveFile({ title: 'Save file', defaultName: safeFileName(name), bytes });
    });
  }

  /** Of these, in their order, what may go along with a message. Throws `attachment/not-found`, `attachment/too-large`. */
  async listSendable(conversationId: string | null, ids: readonly string[]): Promise<readonly Attachment[]> {
    if (ids.length === 0) return [];
    const unique = [...new Set(ids)];
    const found = await this.#dependencies.store.listSendable(conversationId, unique);
    if (found.length < unique.length) throw notFound();
    assertTogether(found.map(({ byteCount }) => byteCount));
    return found;
  }

  /** Throws `attachment/missing`, `attachment/damaged`, `storage/*`. */
  read(hash: string): Promise<Uint8Array> {
    return this.#dependencies.blobs.read(hash);
  }

  /** The same with the file's name in the error. */
  readFile({ name, hash }: Attachment): Promise<Uint8Array> {
    return about(name, () => this.read(hash));
  }

  /** A stored picture for a window of ours; null for whatever else is asked for. */
  async readPicture(hash: string): Promise<{ bytes: Uint8Array; mediaType: string } | null> {
    try {
      const bytes = await this.read(hash);
      const mediaType = sniffImage(bytes);
      return mediaType === null ? null : { bytes, mediaType };
    } catch {
      // The page asks again with the conversation's own request, which says what is wrong with the history.
      return null;
    }
  }

  /** For whoever writes rows of attachments itself, e.g. an import: what is added inside stays until `action` has ended, and as long as a row refers to it. */
  async withBlobs<T>(action: (add: AddBlob) => Promise<T>): Promise<T> {
    const added = new Set<string>();
    try {
      return await this.#keeper.during((add) =>
        action(async (bytes) => {
          const hash = await add(bytes);
          added.add(hash);
          return hash;
        }),
      );
    } finally {
      await this.#afterOthers(() => this.#sweep([...added]));
    }
  }

  /** Deletes for good what no message and no draft has any more. What fails is done at the next start. */
  async collect(): Promise<void> {
    await this.#afterOthers(async () => {
      const { store, listBackedUpHashes } = this.#dependencies;
      const hashes = await store.purge([...this.#undoable.keys()]);
      // Deleted means deleted, whatever a backup that nobody can read might refer to.
      await this.#keeper.sweep(hashes, async () => [
        ...(await listBackedUpHashes()).hashes,
        ...(await store.listHashes()),
      ]);
    });
  }

  /** Removes what a crash left behind: half written files, and files that nothing refers to. */
  async collectAll(): Promise<void> {
    await this.#afterOthers(async () => {
      const { store, blobs } = this.#dependencies;
      await store.purge([...this.#undoable.keys()]);
      await this.#keeper.removePartial();
      await this.#sweep(await blobs.list());
    });
  }

  /** Removes what of these nothing refers to. A backup that cannot be read may refer to any that are older than it, and may yet be mended. */
  async #sweep(hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    const { store, blobs, listBackedUpHashes } = this.#dependencies;
    const { hashes: backedUp, unreadAt } = await listBackedUpHashes();
    const newer = unreadAt === null ? null : new Set(await blobs.listWrittenAfter(unreadAt));
    const candidates = newer === null ? hashes : hashes.filter((hash) => newer.has(hash));
    await this.#keeper.sweep(candidates, async () => [...backedUp, ...(await store.listHashes())]);
  }

  /** Before quitting. What could still be put back is deleted at the next start. */
  stop(): void {
    for (const timer of this.#undoable.values()) clearTimeout(timer);
    this.#undoable.clear();
    this.#dependencies.images.stop();
  }

  async #prepare({ bytes, name, retries }: UnpreparedFile): Promise<StoredFile> {
    const file = readFileKind(bytes);
    if (file.kind !== 'image') return { ...file, name, width: null, height: null };
    const image = await this.#dependencies.images.prepare(file.bytes, file.mediaType, retries);
    return { kind: 'image', name: nameForType(name, image.mediaType), ...image };
  }

  #keep(
    { bytes, ...file }: StoredFile,
    store: (attachment: NewAttachment) => Promise<void>,
  ): Promise<Attachment> {
    const { ids, clock } = this.#dependencies;
    return this.#keeper.during(async (add) => {
      const hash = await add(bytes);
      const attachment: Attachment = { ...file, id: ids.next(), byteCount: bytes.byteLength, hash };
      await store({ ...attachment, createdAt: clock.now() });
      return attachment;
    });
  }

  #forgetUndo(id: string): void {
    clearTimeout(this.#undoable.get(id));
    this.#undoable.delete(id);
  }

  async #afterOthers(action: () => Promise<void>): Promise<void> {
    this.#collecting = this.#collecting.then(action).catch((error: unknown) => {
      this.#dependencies.logger.warn('could not remove files that nothing refers to', { error });
    });
    await this.#collecting;
  }
}

/** Says of which file an error is. */
async function about<T>(name: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('attachment/')) throw error;
    const details = { ...error.details, name: safeFileName(name) };
    throw new AppError(error.code, error.message, { details, cause: error });
  }
}

function assertTogether(byteCounts: readonly number[]): void {
  const byteCount = byteCounts.reduce((sum, each) => sum + each, 0);
  if (byteCount <= MAX_MESSAGE_FILE_BYTES) return;
  throw new AppError('attachment/too-large', 'The files of a message are too large together.', {
    details: { byteCount, maxBytes: MAX_MESSAGE_FILE_BYTES, isTotal: true },
  });
}

function tooMany(): AppError {
  return new AppError('attachment/too-many', 'A message can have no more files.', {
    details: { max: MAX_ATTACHMENTS },
  });
}

function notFound(): AppError {
  return new AppError('attachment/not-found', 'This file is no longer here.');
}
