import { AppError } from '../../contract/app-error.ts';
import type { Clock } from '../ports.ts';

/** How long a removed entry can be brought back, in milliseconds. */
export const LIBRARY_UNDO_MS = 10_000;

/** Where the entries are, and how many there may be. */
export interface EditableListOptions<T> {
  readonly read: () => readonly T[];
  readonly write: (entries: readonly T[]) => void;
  readonly clock: Clock;
  readonly maxCount: number;
}

interface Removed<T> {
  readonly entry: T;
  readonly index: number;
  readonly removedAt: number;
}

/** A kept list whose entries can be changed, removed, and for some seconds brought back to their place. */
export class EditableList<T extends { readonly id: string }> {
  readonly #options: EditableListOptions<T>;
  readonly #removed = new Map<string, Removed<T>>();

  constructor(options: EditableListOptions<T>) {
    this.#options = options;
  }

  list(): readonly T[] {
    return this.#options.read();
  }

  /** Changes the entry of that id, or adds it at the end. Throws `library/full`, `storage/*`. */
  put(entry: T): T {
    const { write } = this.#options;
    const entries = this.list();
    if (entries.some(({ id }) => id === entry.id)) {
      write(entries.map((each) => (each.id === entry.id ? entry : each)));
    } else {
      this.#assertRoom();
      write([...entries, entry]);
    }
    return entry;
  }

  /** Takes it off the disk at once. Throws `library/not-found`, `storage/*`. */
  remove(id: string): { undoMs: number } {
    const entries = this.list();
    const index = entries.findIndex((each) => each.id === id);
    const entry = entries[index];
    if (entry === undefined) throw notFound();
    this.#options.write(entries.filter((each) => each.id !== id));
    this.#forgetOld();
    this.#removed.set(id, { entry, index, removedAt: this.#options.clock.now() });
    return { undoMs: LIBRARY_UNDO_MS };
  }

  /** One that was saved anew meanwhile stays as it was saved. Throws `library/not-found` once the time is over, `library/full`, `storage/*`. */
  restore(id: string): T {
    this.#forgetOld();
    const removed = this.#removed.get(id);
    const entries = this.list();
    // An editor that was still open may have put it back already, in other words.
    const present = entries.find((each) => each.id === id);
    if (removed !== undefined && present !== undefined) {
      this.#removed.delete(id);
      return present;
    }
    if (removed === undefined) throw notFound();
    this.#assertRoom();
    this.#options.write([...entries.slice(0, removed.index), removed.entry, ...entries.slice(removed.index)]);
    this.#removed.delete(id);
    return removed.entry;
  }

  #assertRoom(): void {
    const { maxCount } = this.#options;
    if (this.list().length >= maxCount)
      throw new AppError('library/full', 'There are too many of these.', { details: { maxCount } });
  }

  #forgetOld(): void {
    // A second on top: whoever presses Undo in the last moment is still in time.
    const oldest = this.#options.clock.now() - LIBRARY_UNDO_MS - 1_000;
    for (const [id, { removedAt }] of this.#removed) if (removedAt < oldest) this.#removed.delete(id);
  }
}

function notFound(): AppError {
  return new AppError('library/not-found', 'This preset or prompt is no longer here.');
}
