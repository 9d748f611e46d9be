import { AppError } from '../../contract/app-error.ts';
import {
  MAX_IMAGE_EDGE,
  MAX_IMAGE_PIXELS,
  MEASURED_EDGE,
  MAX_STORED_IMAGE_BYTES,
} from '../../contract/model/attachment-limits.ts';
import type { ImageOutcome, ImageTask } from '../../contract/routes/image-window.ts';
import type { IdSource, ImageWindowHost, Timer } from '../ports.ts';
import { sniffImage, type ImageType } from './sniff-image.ts';

/** A picture may take so long, the start of its window included. */
const TASK_MS = 30_000;
/** The window is kept so long for the next picture. */
const IDLE_MS = 20_000;

/** A picture that holds nothing but its pixels. */
export interface PreparedImage {
  readonly bytes: Uint8Array;
  readonly mediaType: ImageType;
  readonly width: number;
  readonly height: number;
}

/** What preparing pictures needs. */
export interface ImagePreparerDependencies {
  readonly imageWindow: ImageWindowHost;
  readonly timer: Timer;
  readonly ids: IdSource;
}

interface Job {
  readonly task: ImageTask;
  /** How often it may still be tried again. */
  readonly retries: number;
  readonly resolve: (image: PreparedImage) => void;
  readonly reject: (error: AppError) => void;
}

/**
 * Has pictures decoded, made smaller and written anew in a window that has nothing else, one at a time. The window is opened
 * for the first, closed when none has come for a while, and destroyed when one takes too long: nothing of it outlives that.
 */
export class ImagePreparer {
  readonly #dependencies: ImagePreparerDependencies;
  readonly #waiting: Job[] = [];
  #current: Job | null = null;
  /** The window's request for work, while there is none. */
  #asking: { readonly answer: (task: ImageTask) => void; readonly end: (error: AppError) => void } | null =
    null;
  #stopTimer: () => void = () => undefined;
  /** The window is being closed because its picture took too long. */
  #isTooSlow = false;
  #isStopped = false;

  constructor(dependencies: ImagePreparerDependencies) {
    this.#dependencies = dependencies;
    dependencies.imageWindow.onClosed(() => this.#onClosed());
  }

  /**
   * `retries`: how often to try again when the window is gone before it is done, but not because that took too long. Throws
   * `attachment/image-unreadable`, `attachment/image-too-large`, `attachment/image-failed`.
   */
  prepare(bytes: Uint8Array, mediaType: ImageType, retries = 0): Promise<PreparedImage> {
    return this.#run({ bytes, mediaType, maxEdge: MAX_IMAGE_EDGE }, retries);
  }

  /** Decodes a picture and says how large it is, in pixels; an edge beyond `MAX_IMAGE_EDGE` is only told to be so. Throws the same. */
  async measure(bytes: Uint8Array, mediaType: ImageType): Promise<{ width: number; height: number }> {
    const { width, height } = await this.#run({ bytes, mediaType, maxEdge: MEASURED_EDGE }, 0);
    return { width, height };
  }

  #run(image: Pick<ImageTask, 'bytes' | 'mediaType' | 'maxEdge'>, retries: number): Promise<PreparedImage> {
    return new Promise((resolve, reject) => {
      if (this.#isStopped) return reject(failed());
      const task: ImageTask = {
        ...image,
        id: this.#dependencies.ids.next(),
        maxPixels: MAX_IMAGE_PIXELS,
        maxBytes: MAX_STORED_IMAGE_BYTES,
      };
      this.#waiting.push({ task, retries, resolve, reject });
      this.#startNext();
    });
  }

  /** The window asks for work. A further question takes the place of the one before. */
  next(): Promise<ImageTask> {
    this.#asking?.end(closed());
    return new Promise((answer, end) => {
      this.#asking = { answer, end };
      this.#hand();
    });
  }

  /** The window has done its work. What comes for any other picture than the current one is too late. */
  finish(id: string, outcome: ImageOutcome): void {
    const job = this.#current;
    if (job === null || job.task.id !== id) return;
    this.#end();
    const error = problemOf(outcome, job.task.maxEdge);
    if (outcome.kind === 'done' && error === null) {
      const { bytes, width, height } = outcome;
      job.resolve({ bytes, mediaType: outcome.mediaType, width, height });
    } else job.reject(error ?? failed());
    this.#startNext();
  }

  /** Before quitting: what waits is given up. */
  stop(): void {
    this.#isStopped = true;
    for (const { reject } of this.#waiting.splice(0)) reject(failed());
    this.#dependencies.imageWindow.close();
    this.#stopTimer();
  }

  #startNext(): void {
    if (this.#current !== null) return;
    const job = this.#waiting.shift();
    this.#stopTimer();
    const { imageWindow, timer } = this.#dependencies;
    if (job === undefined) {
      this.#stopTimer = timer.start(IDLE_MS, () => imageWindow.close());
      return;
    }
    this.#current = job;
    this.#stopTimer = timer.start(TASK_MS, () => {
      this.#isTooSlow = true;
      imageWindow.close();
    });
    imageWindow.open();
    this.#hand();
  }

  #hand(): void {
    if (this.#asking === null || this.#current === null) return;
    this.#asking.answer(this.#current.task);
    this.#asking = null;
  }

  #end(): void {
    this.#current = null;
    this.#stopTimer();
  }

  /** Crashed, closed or too slow: the picture at work may be why, so it has few more tries, if any. */
  #onClosed(): void {
    this.#asking?.end(closed());
    this.#asking = null;
    const job = this.#current;
    this.#end();
    const canRetry = !this.#isStopped && !this.#isTooSlow;
    this.#isTooSlow = false;
    if (job !== null && job.retries > 0 && canRetry)
      this.#waiting.unshift({ ...job, retries: job.retries - 1 });
    else job?.reject(failed());
    if (this.#waiting.length > 0) this.#startNext();
  }
}

/** The window has seen foreign bytes, so what it says is not simply believed. */
function problemOf(outcome: ImageOutcome, maxEdge: number): AppError | null {
  switch (outcome.kind) {
    case 'done': {
      const { bytes, mediaType, width, height } = outcome;
      const isImage = sniffImage(bytes) === mediaType && bytes.byteLength <= MAX_STORED_IMAGE_BYTES;
      return isImage && Math.max(width, height) <= maxEdge ? null : failed();
    }
    case 'too-large':
      return new AppError('attachment/image-too-large', 'The picture has too many pixels.', {
        details: { width: outcome.width, height: outcome.height, maxPixels: MAX_IMAGE_PIXELS },
      });
    case 'unreadable':
      return new AppError('attachment/image-unreadable', 'The picture cannot be decoded.');
    default:
      return outcome satisfies never;
  }
}

function failed(): AppError {
  return new AppError('attachment/image-failed', 'The picture could not be prepared.');
}

function closed(): AppError {
  return new AppError('ipc/forbidden', 'This window is closed.');
}
