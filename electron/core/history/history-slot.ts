import { AppError, type WireError } from '../../contract/app-error.ts';
import type { HistoryStore } from './history-store.ts';

/** The history, open or not: what uses it need not know that it was opened later. */
export class HistorySlot {
  #current: HistoryStore | WireError;
  /** Hands every call to the open history, those of its parts too, or says why there is none. */
  readonly store: HistoryStore;

  constructor(history: HistoryStore | WireError) {
    this.#current = history;
    // `as`: a proxy that answers every method by name, so that a new method cannot be forgotten here.
    const part = (choose: (open: HistoryStore) => object): object =>
      new Proxy({}, { get: (_target, name) => this.#member(name, choose) });
    const parts: Readonly<Record<string | symbol, object>> = {
      ledger: part(({ ledger }) => ledger),
      attachments: part(({ attachments }) => attachments),
    };
    this.store = new Proxy(
      {},
      { get: (_target, name) => parts[name] ?? this.#member(name, (open) => open) },
    ) as HistoryStore;
  }

  /** Why the history is not open; null when it is. */
  blocked(): WireError | null {
    return isError(this.#current) ? this.#current : null;
  }

  /** Takes what a further try to open it came to. */
  fill(history: HistoryStore | WireError): void {
    this.#current = history;
  }

  #member(name: string | symbol, partOf: (open: HistoryStore) => object): unknown {
    const current = this.#current;
    if (!isError(current)) return Reflect.get(partOf(current), name);
    return () => Promise.reject(new AppError(current.code, current.message, { details: current.details }));
  }
}

function isError(history: HistoryStore | WireError): history is WireError {
  return 'code' in history;
}
