/** Where batched text goes. */
export interface DeltaSinks {
  /** To the windows: about once a frame. */
  show(text: string): void;
  /** To the history: about ten times a second. */
  store(text: string): void;
}

/** One frame at 60 Hz. */
const SHOW_INTERVAL_MS = 16;
/** Well under the 250 ms of text that a crash may cost at most. */
const STORE_INTERVAL_MS = 100;

/** Collects deltas so that a fast stream costs one event per frame and one write per tenth of a second. */
export class DeltaBatcher {
  readonly #show: Batch;
  readonly #store: Batch;

  constructor(sinks: DeltaSinks) {
    this.#show = new Batch(SHOW_INTERVAL_MS, (text) => {
      sinks.show(text);
    });
    this.#store = new Batch(STORE_INTERVAL_MS, (text) => {
      sinks.store(text);
    });
  }

  push(text: string): void {
    this.#show.push(text);
    this.#store.push(text);
  }

  /** Hands over what is still held. Nothing is handed over after it unless `push` is called again. */
  flush(): void {
    this.#show.flush('everything');
    this.#store.flush('everything');
  }
}

class Batch {
  readonly #intervalMs: number;
  readonly #deliver: (text: string) => void;
  #parts: string[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(intervalMs: number, deliver: (text: string) => void) {
    this.#intervalMs = intervalMs;
    this.#deliver = deliver;
  }

  push(text: string): void {
    this.#parts.push(text);
    this.#timer ??= setTimeout(() => {
      this.flush('whole-characters');
    }, this.#intervalMs);
  }

  flush(extent: 'everything' | 'whole-characters'): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    let text = this.#parts.join('');
    this.#parts = [];
    // A delta can end inside a surrogate pair; half a character would be stored and shown as a replacement mark.
    if (extent === 'whole-characters' && /[\ud800-\udbff]$/.test(text)) {
      this.#parts = [text.slice(-1)];
      text = text.slice(0, -1);
    }
    if (text.length > 0) this.#deliver(text);
  }
}
