import type { ConversationSummary } from '../../contract/model/conversation.ts';
import type { Generation } from '../../contract/model/generation.ts';
import type { HistoryStore, ModelChoice } from '../history/history-store.ts';
import type { Clock, EventSink, Logger } from '../ports.ts';

/** How long a removed conversation can be brought back, in milliseconds. */
export const UNDO_MS = 10_000;

/** What the list of conversations is built from. */
export interface ConversationDependencies {
  readonly history: HistoryStore;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when something was deleted for good. */
  readonly onPurged: () => Promise<void>;
}

/** The list in the sidebar: rename, remove with undo, restore. */
export class ConversationService {
  readonly #dependencies: ConversationDependencies;
  readonly #purges = new Set<NodeJS.Timeout>();

  constructor(dependencies: ConversationDependencies) {
    this.#dependencies = dependencies;
  }

  async list(): Promise<ConversationSummary[]> {
    return [...(await this.#dependencies.history.listConversations())];
  }

  async rename(id: string, title: string): Promise<ConversationSummary> {
    return this.#announced(await this.#dependencies.history.renameConversation(id, title));
  }

  async choose(id: string, choice: ModelChoice): Promise<ConversationSummary> {
    return this.#announced(await this.#dependencies.history.chooseModel(id, choice));
  }

  /** How its answers are made from now on. The list in the sidebar stays as it is. */
  async setGeneration(id: string, generation: Generation): Promise<Generation> {
    return this.#dependencies.history.setGeneration(id, generation);
  }

  /** Hides it now and deletes it for good once it can no longer be undone. */
  async remove(id: string): Promise<{ undoMs: number }> {
    const { history, clock } = this.#dependencies;
    const removedAt = clock.now();
    await history.removeConversation(id, removedAt);
    const timer = setTimeout(() => {
      this.#purges.delete(timer);
      void this.purge(removedAt);
    }, UNDO_MS + 1_000);
    timer.unref();
    this.#purges.add(timer);
    await this.announce();
    return { undoMs: UNDO_MS };
  }

  async restore(id: string): Promise<ConversationSummary> {
    return this.#announced(await this.#dependencies.history.restoreConversation(id));
  }

  /** Tells the windows what the list is now. */
  async announce(): Promise<void> {
    try {
      this.#dependencies.events.emit({ name: 'conversations.changed', payload: await this.list() });
    } catch (error) {
      // The window still shows the former list; the next change or open brings the error to a request that can show it.
      this.#dependencies.logger.warn('could not list conversations', { error });
    }
  }

  stop(): void {
    for (const timer of this.#purges) clearTimeout(timer);
    this.#purges.clear();
  }

  /** Deletes for good what was removed at or before a time. */
  async purge(removedBefore: number): Promise<void> {
    const { history, logger, onPurged } = this.#dependencies;
    try {
      if ((await history.purgeRemoved(removedBefore)) > 0) await onPurged();
    } catch (error) {
      // Tried again at the next start, which purges whatever is still marked.
      logger.warn('could not delete for good', { error });
    }
  }

  async #announced(summary: ConversationSummary): Promise<ConversationSummary> {
    await this.announce();
    return summary;
  }
}
