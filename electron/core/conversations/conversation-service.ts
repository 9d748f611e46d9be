import { AppError } from '../../contract/app-error.ts';
import type { ConversationDetail, ConversationSummary } from '../../contract/model/conversation.ts';
import type { Generation } from '../../contract/model/generation.ts';
import type { HistoryStore, ModelChoice } from '../history/history-store.ts';
import type { Clock, EventSink, IdSource, Logger } from '../ports.ts';
import { branchTitle } from './branch-title.ts';

/** How long what was removed can be brought back, in milliseconds. */
export const UNDO_MS = 10_000;

/** What the list of conversations is built from. */
export interface ConversationDependencies {
  readonly history: HistoryStore;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** Called when something was deleted for good. */
  readonly onPurged: () => Promise<void>;
}

/** The list in the sidebar and the trees behind it: rename, branch, remove with undo, restore. */
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
    this.#purgeLater(removedAt);
    await this.announce();
    return { undoMs: UNDO_MS };
  }

  async restore(id: string): Promise<ConversationSummary> {
    return this.#announced(await this.#dependencies.history.restoreConversation(id));
  }

  /** Makes a conversation of its own out of the path up to and including a message. */
  async branch(messageId: string): Promise<ConversationSummary> {
    const { history, clock, ids } = this.#dependencies;
    const path = await history.pathTo(messageId);
    const last = path.at(-1);
    if (last === undefined) throw new AppError('chat/not-found', 'This message is no longer here.');
    if (path.some(({ state }) => state === 'streaming'))
      throw new AppError('chat/busy', 'This conversation is still being answered.');
    const conversations = await history.listConversations();
    const source = conversations.find(({ id }) => id === last.conversationId);
    const titles = new Set(conversations.map(({ title }) => title));
    const branch = await history.branchConversation({
      sourceId: last.conversationId,
      id: ids.next(),
      title: branchTitle(source?.title ?? '', titles),
      createdAt: clock.now(),
      copies: path.map(({ id }) => ({ from: id, to: ids.next() })),
    });
    return this.#announced(branch);
  }

  /** Hides a message and all that follows it, and deletes that for good once it can no longer be undone. */
  async removeMessage(messageId: string): Promise<{ undoMs: number; count: number }> {
    const { history, clock } = this.#dependencies;
    const removedAt = clock.now();
    const { count } = await history.removeMessage(messageId, removedAt);
    this.#purgeLater(removedAt);
    return { undoMs: UNDO_MS, count };
  }

  restoreMessage(messageId: string): Promise<ConversationDetail> {
    return this.#dependencies.history.restoreMessage(messageId);
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

  #purgeLater(removedAt: number): void {
    const timer = setTimeout(() => {
      this.#purges.delete(timer);
      void this.purge(removedAt);
    }, UNDO_MS + 1_000);
    timer.unref();
    this.#purges.add(timer);
  }

  async #announced(summary: ConversationSummary): Promise<ConversationSummary> {
    await this.announce();
    return summary;
  }
}
