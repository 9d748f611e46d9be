import { AppError } from '../../../contract/app-error.ts';

/** An event of a stream, as far as its place in it goes. */
export interface NumberedEvent {
  readonly type: string;
  readonly sequence_number?: unknown;
}

/** Most events held back for one that is late. Over a single connection nothing is ever much out of order. */
const MAX_HELD = 64;

/**
 * Brings numbered events into their order: doubles are dropped, early ones held back until the missing one is there. A hole
 * that does not close is a broken stream, since text would be missing without anybody seeing it.
 */
export class EventSequence<E extends NumberedEvent> {
  readonly #held = new Map<number, E>();
  #next: number | null = null;
  /** The type of the first event, until a second number was seen. */
  #onlyType: string | null = null;
  #isNumbered = true;

  /** The events that may be used now, in order. Throws `network/interrupted` when too many wait for a missing one. */
  take(event: E): readonly E[] {
    const number = event.sequence_number;
    if (!this.#isNumbered || typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
      return [event];
    }
    if (this.#next === null) {
      this.#onlyType = event.type;
      this.#next = number + 1;
      return [event];
    }
    if (number < this.#next) return this.#isUncounted(event) ? this.#stopCounting(event) : [];
    this.#onlyType = null;
    return number === this.#next ? this.#release(event, number) : this.#hold(event, number);
  }

  /** Called at the end of the stream. Throws `network/interrupted` when an event is still missing. */
  assertWhole(): void {
    if (this.#held.size > 0) throw missing();
  }

  #release(event: E, number: number): readonly E[] {
    if (this.#held.size === 0) {
      this.#next = number + 1;
      return [event];
    }
    const released = [event];
    let next = number + 1;
    for (let held = this.#held.get(next); held !== undefined; held = this.#held.get(next)) {
      released.push(held);
      this.#held.delete(next);
      next += 1;
    }
    this.#next = next;
    return released;
  }

  #hold(event: E, number: number): readonly E[] {
    if (!this.#held.has(number)) this.#held.set(number, event);
    if (this.#held.size > MAX_HELD) throw missing();
    return [];
  }

  /**
   * Some compatible servers write one number on every event, and then it means nothing. A double repeats its event, so
   * another event under the only number so far gives such a server away.
   */
  #isUncounted(event: E): boolean {
    return this.#onlyType !== null && this.#onlyType !== event.type;
  }

  #stopCounting(event: E): readonly E[] {
    this.#isNumbered = false;
    return [event];
  }
}

function missing(): AppError {
  return new AppError('network/interrupted', 'A part of the answer is missing.');
}
