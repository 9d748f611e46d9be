import { MAX_LISTED_FAILURES, type ImportReport, type ItemFailure } from '../../contract/model/transfer.ts';

/** Counts what becomes of the items of an import. */
export class ImportTally {
  readonly #failures: ItemFailure[] = [];
  #failureCount = 0;
  #importedCount = 0;
  #messageCount = 0;
  #alreadyHereCount = 0;
  #emptyCount = 0;
  #leftOutMessageCount = 0;
  #leftOutFileCount = 0;

  imported(messageCount: number): void {
    this.#importedCount += 1;
    this.#messageCount += messageCount;
  }

  alreadyHere(): void {
    this.#alreadyHereCount += 1;
  }

  empty(): void {
    this.#emptyCount += 1;
  }

  failed(failure: ItemFailure): void {
    this.#failureCount += 1;
    if (this.#failures.length < MAX_LISTED_FAILURES) this.#failures.push(failure);
  }

  leftOutMessages(count: number): void {
    this.#leftOutMessageCount += count;
  }

  leftOutFiles(count: number): void {
    this.#leftOutFileCount += count;
  }

  report(): ImportReport {
    return {
      kind: 'import',
      importedCount: this.#importedCount,
      messageCount: this.#messageCount,
      alreadyHereCount: this.#alreadyHereCount,
      emptyCount: this.#emptyCount,
      failureCount: this.#failureCount,
      failures: this.#failures,
      leftOutMessageCount: this.#leftOutMessageCount,
      leftOutFileCount: this.#leftOutFileCount,
    };
  }
}
