import { AppError } from '../../contract/app-error.ts';
import { PLAIN_GENERATION } from '../../contract/model/plain.ts';
import type { ReplyOutcome } from '../chat/reply-outcome.ts';
import type { ReplyPlan } from '../chat/reply-planner.ts';
import type { ConnectionService } from '../connections/connection-service.ts';
import type { ConversationService } from '../conversations/conversation-service.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { ModelService } from '../models/model-service.ts';
import type { Logger } from '../ports.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import type { BesideRequests, BesideTask } from './beside-request.ts';
import { chooseTitleModel } from './choose-title-model.ts';
import { cleanTitle, type SecretFinders } from './clean-title.ts';
import { titlePrompt } from './title-prompt.ts';

/** What titles are made from. */
export interface TitleDependencies extends SecretFinders {
  readonly requests: BesideRequests;
  readonly history: Pick<HistoryStore, 'findMessage' | 'isUntitled' | 'nameConversation'>;
  readonly conversations: Pick<ConversationService, 'announce'>;
  readonly connections: Pick<ConnectionService, 'resolve' | 'knownModels'>;
  readonly ledger: Pick<LedgerService, 'prices'>;
  readonly models: Pick<ModelService, 'capabilitiesOf'>;
  readonly settings: SettingsService;
  readonly logger: Logger;
  readonly timeLimitMs: number;
}

/** How long a title may take, in milliseconds. */
export const TITLE_TIME_LIMIT_MS = 15_000;
/** Longer than any title with the thoughts before it; what is beyond is not worth its tokens. */
const MAX_WRITTEN_LENGTH = 4_000;

/**
 * Gives a new conversation a title of its own, by one small request after its first answer. It is a nicety: whatever stands in its
 * way (a budget, an unknown price, an error, a slow server) leaves the first words of the message as they are, and says nothing.
 */
export class TitleService {
  readonly #dependencies: TitleDependencies;
  /** Conversations of this run that were tried: one request each, however it ends. */
  readonly #tried = new Set<string>();
  readonly #running = new Map<string, { readonly abort: AbortController; readonly ended: Promise<void> }>();

  constructor(dependencies: TitleDependencies) {
    this.#dependencies = dependencies;
  }

  /** Called with every reply that has ended. */
  afterReply(plan: ReplyPlan, { state }: Pick<ReplyOutcome, 'state'>): void {
    const { conversationId, parentId } = plan.userMessage;
    const isFirstAnswer = state === 'done' && parentId === null;
    if (!isFirstAnswer || !this.#dependencies.settings.get().makesTitles || this.#tried.has(conversationId))
      return;
    this.#tried.add(conversationId);
    const abort = new AbortController();
    const ended = this.#make(plan, abort.signal)
      .catch((error: unknown) => this.#dependencies.logger.info('no title was made', { code: codeOf(error) }))
      .finally(() => this.#running.delete(conversationId));
    this.#running.set(conversationId, { abort, ended });
  }

  /** Gives up the title of a conversation that is being removed. */
  async stopIn(conversationId: string): Promise<void> {
    const running = this.#running.get(conversationId);
    running?.abort.abort();
    await running?.ended;
  }

  /** Before quitting. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((conversationId) => this.stopIn(conversationId)));
  }

  async #make(plan: ReplyPlan, stopped: AbortSignal): Promise<void> {
    const { requests, history, conversations, timeLimitMs } = this.#dependencies;
    const { conversationId } = plan.userMessage;
    const answer = await history.findMessage(plan.assistantMessage.id);
    // A person may have been quicker.
    if (answer === null || !(await history.isUntitled(conversationId))) return;
    const task = await this.#task(plan, answer.text);
    const reservation = await requests.reserve(task);
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(timeLimitMs)]);
    const end = await requests.run(task, reservation, { signal, maxLength: MAX_WRITTEN_LENGTH });
    if (end.kind === 'failed') throw end.error;
    const title = end.kind === 'finished' ? cleanTitle(end.text, this.#dependencies) : null;
    if (title !== null && (await history.nameConversation(conversationId, title)))
      await conversations.announce();
  }

  async #task(
    { resolved, asked, userMessage, assistantMessage }: ReplyPlan,
    answer: string,
  ): Promise<BesideTask> {
    const { connections, ledger, models } = this.#dependencies;
    const { connection } = resolved;
    const prices = await ledger.prices(connection.id);
    const model = chooseTitleModel(asked.model, connections.knownModels(connection.id), prices);
    const { efforts } = models.capabilitiesOf(connection, model);
    return {
      purpose: 'title',
      // Anew: the key may have been removed while the answer arrived.
      resolved: await connections.resolve(connection.id, resolved.keyId),
      model,
      generation: { ...PLAIN_GENERATION, effort: efforts?.[0] ?? null },
      turns: titlePrompt(userMessage.text, answer),
      conversationId: userMessage.conversationId,
      messageId: assistantMessage.id,
      isOverBudgetAllowed: false,
      isCostAccepted: false,
    };
  }
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'internal';
}
