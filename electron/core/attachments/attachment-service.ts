import { AppError } from '../../contract/app-error.ts';
import type { Attachment } from '../../contract/model/attachment.ts';
import type { Clock, IdSource, Logger } from '../ports.ts';
import type { AttachmentStore, NewAttachment } from './attachment-store.ts';
import { BlobKeeper, type AddBlob } from './blob-keeper.ts';
import type { BlobStore } from './blob-store.ts';
import { safeFileName } from './safe-file-name.ts';
import { sniffImage } from './sniff-image.ts';

/** What the files of messages are kept with. */
export interface AttachmentDependencies {
  readonly store: AttachmentStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** The hashes that backups refer to; null when one of them cannot be read. */
  readonly listBackedUpHashes: () => Promise<readonly string[] | null>;
}

/** A picture that a model has made. */
export interface MadeImage {
  readonly messageId: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly name: string;
}

/** The files of messages and drafts: bytes in the blob store, all else in the history. */
export class AttachmentService {
  readonly #dependencies: AttachmentDependencies;
  readonly #keeper: BlobKeeper;
  #collecting: Promise<void> = Promise.resolve();

  constructor(dependencies: AttachmentDependencies) {
    this.#dependencies = dependencies;
    this.#keeper = new BlobKeeper(dependencies.blobs);
  }

  /** Puts a picture that a model has made at the end of its answer. Throws `attachment/unsupported`, `storage/*`. */
  async addImage({ messageId, bytes, mediaType, name }: MadeImage): Promise<Attachment> {
    const found = sniffImage(bytes);
    if (found === null)
      throw new AppError('attachment/unsupported', 'This is no picture.', { details: { mediaType } });
    return this.#keeper.during(async (add) => {
      const file = { kind: 'image', name, mediaType: found, width: null, height: null } as const;
      const attachment = await this.#describe(add, bytes, file);
      await this.#dependencies.store.addToMessage(messageId, attachment);
      return withoutTime(attachment);
    });
  }

  /** Throws `attachment/missing`, `attachment/damaged`, `storage/*`. */
  read(hash: string): Promise<Uint8Array> {
    return this.#dependencies.blobs.read(hash);
  }

  /** For whoever writes rows of attachments itself, e.g. an import: what is added inside stays until `action` has ended, and as long as a row refers to it. */
  withBlobs<T>(action: (add: AddBlob) => Promise<T>): Promise<T> {
    return this.#keeper.during(action);
  }

  /** Deletes for good what no message and no draft has any more. What fails is done at the next start. */
  async collect(): Promise<void> {
    await this.#afterOthers(async () => {
      const { store, listBackedUpHashes } = this.#dependencies;
      const hashes = await store.purge([]);
      // Deleted means deleted, whatever a backup that nobody can read might refer to.
      const referenced = async () => [...((await listBackedUpHashes()) ?? []), ...(await store.listHashes())];
      await this.#keeper.sweep(hashes, referenced);
    });
  }

  /** Removes what a crash left behind: half written files, and files that nothing refers to. */
  async collectAll(): Promise<void> {
    await this.#afterOthers(async () => {
      const { store, blobs, listBackedUpHashes } = this.#dependencies;
      const backedUp = await listBackedUpHashes();
      await store.purge([]);
      await this.#keeper.removePartial();
      // A backup that cannot be read may refer to any file, and may yet be mended.
      if (backedUp === null) return;
      await this.#keeper.sweep(await blobs.list(), async () => [...backedUp, ...(await store.listHashes())]);
    });
  }

  async #afterOthers(action: () => Promise<void>): Promise<void> {
    this.#collecting = this.#collecting.then(action).catch((error: unknown) => {
      this.#dependencies.logger.warn('could not remove files that nothing refers to', { error });
    });
    await this.#collecting;
  }

  async #describe(
    add: AddBlob,
    bytes: Uint8Array,
    file: Pick<Attachment, 'kind' | 'name' | 'mediaType' | 'width' | 'height'>,
  ): Promise<NewAttachment> {
    const { ids, clock } = this.#dependencies;
    const hash = await add(bytes);
    return {
      ...file,
      id: ids.next(),
      name: safeFileName(file.name),
      byteCount: bytes.byteLength,
      hash,
      createdAt: clock.now(),
    };
  }
}

function withoutTime({ createdAt: _createdAt, ...attachment }: NewAttachment): Attachment {
  return attachment;
}
