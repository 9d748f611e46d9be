import { AppError } from '../../contract/app-error.ts';
import type { ParsedInput, RouteOutput } from '../../contract/contract.ts';
import type { LiveReply } from '../../contract/model/conversation.ts';
import type { Reservation } from '../ledger/ledger-service.ts';
import { billedTurns } from './billed-turns.ts';
import { ReplyPlanner, type PlannerDependencies, type ReplyPlan } from './reply-planner.ts';
import { RunningReplies, type RunningDependencies } from './running-replies.ts';

/** What asking and answering needs. */
export type ChatDependencies = PlannerDependencies & RunningDependencies;

type StartedReply = RouteOutput<'chat.send'>;

/**
 * Asking: a plan, then the ledger's word, then the store, then the request. Owns every reply; windows only watch: closing or
 * reloading one changes nothing here.
 */
export class ChatService {
  readonly #dependencies: ChatDependencies;
  readonly #planner: ReplyPlanner;
  readonly #running: RunningReplies;
  /** Conversations with a reply running or about to; one at a time each. */
  readonly #busy = new Set<string>();

  constructor(dependencies: ChatDependencies) {
    this.#dependencies = dependencies;
    this.#planner = new ReplyPlanner(dependencies);
    this.#running = new RunningReplies(dependencies);
  }

  /** Stores the message durably, then starts the reply. Everything that can be refused is refused before anything is stored. */
  async send(input: ParsedInput<'chat.send'>): Promise<StartedReply> {
    this.#planner.assertSendable(input);
    const conversationId = input.conversationId ?? this.#dependencies.ids.next();
    return this.#whileFree(conversationId, () => this.#planner.planMessage(input, conversationId));
  }

  /** Asks again; the new answer is a variant beside the old one. */
  async regenerate(input: ParsedInput<'chat.regenerate'>): Promise<StartedReply> {
    const former = await this.#planner.findAnswer(input.messageId);
    return this.#whileFree(former.conversationId, () => this.#planner.planVariant(input, former));
  }

  /** Lets an answer that was cut off grow on. */
  async continue(input: ParsedInput<'chat.continue'>): Promise<StartedReply> {
    const former = await this.#planner.findAnswer(input.messageId);
    if (former.text === '') return this.regenerate(input);
    return this.#whileFree(former.conversationId, () => this.#planner.planContinuation(input, former));
  }

  /** What a message would cost, with the conversation that is sent along. */
  async estimate(input: ParsedInput<'chat.estimate'>): Promise<RouteOutput<'chat.estimate'>> {
    const { turns, omittedCount, isTooLong } = await this.#planner.preview(input);
    const cost = this.#dependencies.ledger.estimate(input.connectionId, input.model, turns);
    return { ...cost, omittedCount, isTooLong };
  }

  /** Idempotent. */
  cancel(streamId: string): void {
    this.#running.cancel(streamId);
  }

  /** Ends the wait before a retry. Idempotent. */
  retryNow(streamId: string): void {
    this.#running.retryNow(streamId);
  }

  /** The running reply of a conversation, for a window that was (re)loaded. */
  attach(conversationId: string): LiveReply | null {
    return this.#running.findIn(conversationId);
  }

  /** Stops the reply of a conversation that is being removed, and waits until its row is saved. */
  stopIn(conversationId: string): Promise<void> {
    return this.#running.stopIn(conversationId);
  }

  /** Stops the reply that is running at or below a message that is being removed. One in another variant goes on. */
  async stopBelow(messageId: string): Promise<void> {
    const { history } = this.#dependencies;
    const message = await history.findMessage(messageId);
    const live = message === null ? null : this.attach(message.conversationId);
    if (message === null || live === null) return;
    const path = await history.pathTo(live.messageId);
    if (path.some(({ id }) => id === messageId)) await this.stopIn(message.conversationId);
  }

  /** Before quitting: aborts all replies and waits until their rows are saved. */
  stop(): Promise<void> {
    return this.#running.stopAll();
  }

  /** Plans and starts, unless the conversation has a reply running or starting. What fails on the way frees it again. */
  async #whileFree(conversationId: string, planReply: () => Promise<ReplyPlan>): Promise<StartedReply> {
    if (this.#busy.has(conversationId))
      throw new AppError('chat/busy', 'This conversation is still being answered.');
    this.#busy.add(conversationId);
    const onFree = (): void => void this.#busy.delete(conversationId);
    try {
      const plan = await planReply();
      const reservation = await this.#admit(plan);
      const streamId = this.#running.start({ plan, reservation, onFree });
      const { userMessage, assistantMessage } = plan;
      return { conversationId, streamId, userMessage, assistantMessage };
    } catch (error) {
      onFree();
      throw error;
    }
  }

  /** Asks the ledger, then stores: what is refused leaves no trace. Nothing starts without what this returns. */
  async #admit({ resolved, asked, request, assistantMessage, store }: ReplyPlan): Promise<Reservation> {
    const { ledger } = this.#dependencies;
    const reservation = await ledger.reserve({
      purpose: 'answer',
      connection: resolved.connection,
      keyId: resolved.keyId,
      model: asked.model,
      turns: billedTurns(request),
      conversationId: assistantMessage.conversationId,
      messageId: assistantMessage.id,
      textBefore: assistantMessage.text.length,
      isOverBudgetAllowed: asked.isOverBudgetAllowed,
      isCostAccepted: asked.isCostAccepted,
    });
    try {
      await store();
    } catch (error) {
      await ledger.release(reservation);
      throw error;
    }
    return reservation;
  }
}
