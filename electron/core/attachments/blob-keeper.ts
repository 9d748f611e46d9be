import { AppError } from '../../contract/app-error.ts';
import type { BlobStore } from './blob-store.ts';

/** Keeps bytes and returns their hash. They stay at least until what it was handed to has ended. */
export type AddBlob = (bytes: Uint8Array) => Promise<string>;

/**
 * Guards a blob from the moment it is written until a row of the database refers to it: whoever adds some does so inside
 * {@link BlobKeeper.during}, and nothing that was added there is removed before its end.
 */
export class BlobKeeper {
  readonly #blobs: BlobStore;
  /** By hash, how many are at work on it. */
  readonly #held = new Map<string, number>();
  /** Adding and removing take turns, so that what one looks at is not what the other removes. */
  #last: Promise<unknown> = Promise.resolve();
  /** Ends of holds, while a sweep is under way: what it read from the database may be older. */
  #settled: Set<string> | null = null;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Runs something that adds blobs and then writes rows that refer to them. */
  async during<T>(action: (add: AddBlob) => Promise<T>): Promise<T> {
    const added: string[] = [];
    let isOver = false;
    try {
      return await action((bytes) =>
        this.#inTurn(async () => {
          if (isOver) throw new AppError('internal', 'What this was for has ended.');
          const hash = await this.#blobs.add(bytes);
          added.push(hash);
          this.#held.set(hash, (this.#held.get(hash) ?? 0) + 1);
          return hash;
        }),
      );
    } finally {
      // Whoever was given up may still be at it: what comes now would never be released.
      isOver = true;
      await this.#inTurn(() => Promise.resolve());
      for (const hash of added) this.#release(hash);
    }
  }

  /**
   * Removes blobs that no row refers to. `findReferenced` is asked after the candidates are known; what is added meanwhile stays.
   * Returns how many were removed.
   */
  async sweep(
    candidates: readonly string[],
    findReferenced: () => Promise<readonly string[]>,
  ): Promise<number> {
    if (candidates.length === 0) return 0;
    const settled = new Set<string>();
    this.#settled = settled;
    try {
      const referenced = new Set(await findReferenced());
      const orphans = candidates.filter((hash) => !referenced.has(hash));
      let count = 0;
      for (const hash of orphans) {
        await this.#inTurn(async () => {
          if (this.#held.has(hash) || settled.has(hash)) return;
          await this.#blobs.remove(hash);
          count += 1;
        });
      }
      return count;
    } finally {
      this.#settled = null;
    }
  }

  /** Removes what a crash left half written; a file that is being written waits its turn. */
  removePartial(): Promise<void> {
    return this.#inTurn(() => this.#blobs.removePartial());
  }

  #release(hash: string): void {
    const count = (this.#held.get(hash) ?? 1) - 1;
    this.#settled?.add(hash);
    if (count > 0) this.#held.set(hash, count);
    else this.#held.delete(hash);
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(action);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
