import type { LinkedPrompt } from '../../contract/model/app-info.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import type { EventSink, IdSource } from '../ports.ts';
import { parseDeepLink } from './parse-deep-link.ts';

/** Most prompts that wait at once; a flood of links drops the newest, never what already waits. */
const MAX_WAITING = 20;

/** Prompts that arrived by link and wait to be used or discarded. Nothing here can send or change a setting. */
export class LinkInbox {
  readonly #events: EventSink;
  readonly #ids: IdSource;
  readonly #notices: NoticeBoard;
  readonly #waiting: LinkedPrompt[] = [];

  constructor(events: EventSink, ids: IdSource, notices: NoticeBoard) {
    this.#events = events;
    this.#ids = ids;
    this.#notices = notices;
  }

  /** Takes a raw link from the OS. */
  receive(raw: string): void {
    const link = parseDeepLink(raw);
    if (link.kind === 'unknown') {
      this.#notices.raise(
        'link/invalid',
        'A link was refused',
        `Latchkey did not open it because ${link.reason}.`,
      );
      return;
    }
    if (this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push({ id: this.#ids.next(), prompt: link.prompt });
    this.#announceFirst();
  }

  /** The prompt to show, oldest first. */
  pending(): LinkedPrompt | null {
    return this.#waiting[0] ?? null;
  }

  /** Used or discarded: forgets it and shows the next. */
  settle(id: string): void {
    const index = this.#waiting.findIndex((prompt) => prompt.id === id);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    this.#announceFirst();
  }

  #announceFirst(): void {
    const first = this.pending();
    if (first !== null) this.#events.emit({ name: 'link.received', payload: first });
  }
}
