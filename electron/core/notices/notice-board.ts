import { AppError, type ErrorCode } from '../../contract/app-error.ts';
import type { Notice } from '../../contract/model/app-info.ts';
import type { EventSink, IdSource } from '../ports.ts';

/** Things the person should know that answer no request. Kept until dismissed. */
export class NoticeBoard {
  readonly #events: EventSink;
  readonly #ids: IdSource;
  readonly #notices: Notice[] = [];

  constructor(events: EventSink, ids: IdSource) {
    this.#events = events;
    this.#ids = ids;
  }

  list(): readonly Notice[] {
    return this.#notices;
  }

  raise(code: ErrorCode, title: string, body: string): void {
    const notice: Notice = { id: this.#ids.next(), error: new AppError(code, title).toWire(), title, body };
    this.#notices.push(notice);
    this.#events.emit({ name: 'notice.raised', payload: notice });
  }

  /** A file made no sense and was set aside. */
  raiseDamagedFile(what: string, keptAs: string): void {
    this.raise(
      'storage/corrupt',
      `The file with ${what} was damaged`,
      `Latchkey took over what was still whole. Nothing was deleted: the damaged file is kept as ${keptAs}.`,
    );
  }

  dismiss(id: string): void {
    const index = this.#notices.findIndex((notice) => notice.id === id);
    if (index >= 0) this.#notices.splice(index, 1);
  }
}
