import type { LinkedPrompt } from '../../contract/model/app-info.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import type { Policy } from '../policy/policy.ts';
import type { EventSink, IdSource } from '../ports.ts';
import { parseDeepLink } from './parse-deep-link.ts';

/** Most prompts that wait at once; a flood of links drops the newest, never what already waits. */
const MAX_WAITING = 20;

/** What the inbox is built from. */
export interface LinkDependencies {
  readonly events: EventSink;
  readonly ids: IdSource;
  readonly notices: NoticeBoard;
  readonly policy: Pick<Policy, 'allowsDeepLinks'>;
}

/** Prompts that arrived by link and wait to be used or discarded. Nothing here can send or change a setting. */
export class LinkInbox {
  readonly #events: EventSink;
  readonly #ids: IdSource;
  readonly #notices: NoticeBoard;
  readonly #waiting: LinkedPrompt[] = [];
  readonly #policy: Pick<Policy, 'allowsDeepLinks'>;

  constructor(dependencies: LinkDependencies) {
    this.#events = dependencies.events;
    this.#ids = dependencies.ids;
    this.#notices = dependencies.notices;
    this.#policy = dependencies.policy;
  }

  /** Takes a raw link from the OS. */
  receive(raw: string): void {
    if (!this.#policy.allowsDeepLinks) return this.#refuse();
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

  /** Said once, not once for each link: a web page can open many. */
  #refuse(): void {
    const isSaid = this.#notices.list().some(({ error }) => error.code === 'policy/deep-links');
    if (isSaid) return;
    this.#notices.raise(
      'policy/deep-links',
      'A link was refused',
      'Your organisation has turned links off in Latchkey. Nothing of it was read.',
    );
  }

  #announceFirst(): void {
    const first = this.pending();
    if (first !== null) this.#events.emit({ name: 'link.received', payload: first });
  }
}
