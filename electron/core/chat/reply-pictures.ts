import { AppError } from '../../contract/app-error.ts';
import type { AttachmentService } from '../attachments/attachment-service.ts';
import type { PictureCount } from '../ledger/close-entry.ts';

/** What the pictures of an answer need. */
export interface ReplyPicturesOptions {
  readonly messageId: string;
  /** Prepares a picture, and keeps one with its message. */
  readonly attachments: Pick<AttachmentService, 'prepareImage' | 'keepImage'>;
  /** Writes in turn with the text. */
  readonly write: (write: () => Promise<unknown>) => void;
}

/**
 * The pictures of one answer. Preparing one can take as long as its window likes, so it happens beside the text, one after the
 * other; each is kept with the message as soon as it is ready, in the order in which they came.
 */
export class ReplyPictures {
  readonly #options: ReplyPicturesOptions;
  #begun = 0;
  #received = 0;
  #waiting = 0;
  #lastPrepared: Promise<void> = Promise.resolve();
  #isGivenUp = false;
  #error: AppError | null = null;

  constructor(options: ReplyPicturesOptions) {
    this.#options = options;
  }

  /** How many there were, for the ledger. */
  count(): PictureCount {
    return { received: this.#received, begun: Math.max(this.#begun, this.#received) };
  }

  /** Why one cannot be kept. */
  error(): AppError | null {
    return this.#error;
  }

  /** A new request begins with `begun` pictures: one, where a model makes nothing else. */
  beginRequest(begun: number): void {
    this.#begun = begun;
  }

  noteBegun(): void {
    this.#begun += 1;
  }

  /** Takes over a picture that has arrived whole. */
  add(mediaType: string, bytes: Uint8Array): void {
    this.#received += 1;
    this.#waiting += 1;
    const name = `picture-${this.#received}.${mediaType.replace('image/', '')}`;
    this.#lastPrepared = this.#lastPrepared.then(() => this.#take({ bytes, mediaType, name }));
  }

  /**
   * Waits until every picture is written or refused. An abort ends the wait after `graceMs`: what is not ready by then is given up,
   * and never kept later. Returns whether none was given up.
   */
  async settle(signal: AbortSignal, graceMs: number): Promise<boolean> {
    const limit = startGrace(signal, graceMs);
    await Promise.race([this.#lastPrepared, limit.over]);
    limit.stop();
    this.#isGivenUp = true;
    return this.#waiting === 0;
  }

  async #take(image: Parameters<AttachmentService['prepareImage']>[0]): Promise<void> {
    const { attachments, messageId, write } = this.#options;
    if (this.#isGivenUp) return;
    try {
      const prepared = await attachments.prepareImage(image);
      // Its message is saved by now: nobody would hear of it.
      if (this.#isGivenUp) return;
      write(() => attachments.keepImage(messageId, prepared));
    } catch (cause) {
      this.#error ??= new AppError('provider/garbled', 'A picture of the answer cannot be read.', { cause });
    }
    this.#waiting -= 1;
  }
}

/** A time that begins with an abort. */
function startGrace(
  signal: AbortSignal,
  graceMs: number,
): { readonly over: Promise<void>; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let begin = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    begin = () => (timer = setTimeout(resolve, graceMs));
  });
  signal.addEventListener('abort', begin, { once: true });
  if (signal.aborted) begin();
  return {
    over,
    stop: () => {
      signal.removeEventListener('abort', begin);
      clearTimeout(timer);
    },
  };
}
