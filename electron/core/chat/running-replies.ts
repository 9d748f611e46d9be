import type { LiveReply } from '../../contract/model/conversation.ts';
import type { ConnectionService, ResolvedTarget } from '../connections/connection-service.ts';
import type { ConversationService } from '../conversations/conversation-service.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { LedgerService, Reservation } from '../ledger/ledger-service.ts';
import type { ModelService } from '../models/model-service.ts';
import type { IdSource } from '../ports.ts';
import { Reply, type ReplyDependencies } from './reply.ts';
import type { ReplyOutcome } from './reply-outcome.ts';
import { askedWith, type ReplyPlan } from './reply-planner.ts';

/** What running replies need. */
export interface RunningDependencies extends ReplyDependencies {
  readonly history: HistoryStore;
  readonly conversations: ConversationService;
  readonly connections: ConnectionService;
  readonly ledger: LedgerService;
  readonly models: ModelService;
  readonly ids: IdSource;
  /** Called when a reply has ended and everybody has heard of it. */
  readonly onEnded: (plan: ReplyPlan, outcome: ReplyOutcome) => void;
}

/** A reply that was admitted and stored. */
export interface AdmittedReply {
  readonly plan: ReplyPlan;
  readonly reservation: Reservation;
  /** Called once it has ended, before anybody hears of it. */
  readonly onFree: () => void;
}

/** The replies that are being asked for now, from the first request to the one terminal event. */
export class RunningReplies {
  readonly #dependencies: RunningDependencies;
  readonly #running = new Map<string, { readonly reply: Reply; readonly ended: Promise<void> }>();

  constructor(dependencies: RunningDependencies) {
    this.#dependencies = dependencies;
  }

  /** Returns the id of the stream. */
  start(admitted: AdmittedReply): string {
    const { assistantMessage } = admitted.plan;
    const streamId = this.#dependencies.ids.next();
    const reply = new Reply(
      {
        streamId,
        messageId: assistantMessage.id,
        conversationId: assistantMessage.conversationId,
        initialText: assistantMessage.text,
        initialReasoning: assistantMessage.reasoning,
      },
      this.#dependencies,
    );
    this.#running.set(streamId, { reply, ended: this.#runToEnd(reply, admitted) });
    void this.#dependencies.conversations.announce();
    return streamId;
  }

  /** Idempotent. */
  cancel(streamId: string): void {
    this.#running.get(streamId)?.reply.abort('cancelled');
  }

  /** Ends the wait before a retry. Idempotent. */
  retryNow(streamId: string): void {
    this.#running.get(streamId)?.reply.retryNow();
  }

  /** The reply of a conversation as it stands. */
  findIn(conversationId: string): LiveReply | null {
    for (const { reply } of this.#running.values()) {
      if (reply.identity.conversationId === conversationId) return reply.snapshot();
    }
    return null;
  }

  /** Stops the reply of a conversation and waits until its row is saved. */
  async stopIn(conversationId: string): Promise<void> {
    const live = this.findIn(conversationId);
    const running = live === null ? undefined : this.#running.get(live.streamId);
    running?.reply.abort('cancelled');
    await running?.ended;
  }

  /** Aborts all replies and waits until their rows are saved. */
  async stopAll(): Promise<void> {
    for (const { reply } of this.#running.values()) reply.abort('quit');
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  async #runToEnd(reply: Reply, { plan, reservation, onFree }: AdmittedReply): Promise<void> {
    const { request, resolved } = plan;
    // Let the answer to the request leave first: a window must know the stream before its first event.
    await new Promise((resolve) => setImmediate(resolve));
    let current = resolved;
    const outcome = await reply.run({
      request,
      learner: this.#dependencies.models.learnerFor(resolved.connection, request.model),
      targetFor: async (attempt) => {
        if (attempt > 1) current = await this.#resolveAgain(current, reservation, reply.identity.messageId);
        return current.target;
      },
    });
    await this.#dependencies.ledger.settle(reservation, {
      usage: outcome.usage,
      error: reply.requestError(),
      receivedText: reply.receivedText(),
      pictures: reply.pictures(),
    });
    this.#running.delete(reply.identity.streamId);
    onFree();
    // Only now: whoever hears of the end may ask the next question at once.
    reply.announceEnd(outcome);
    if (current.keyId !== null) {
      const code = outcome.error?.code;
      const verdict = code === undefined ? 'accepted' : code === 'auth/rejected-key' ? 'rejected' : null;
      this.#dependencies.connections.recordKeyUse(current.keyId, {
        kind: 'request',
        outcome: verdict,
        enteredAt: current.keyEnteredAt,
      });
    }
    await this.#dependencies.conversations.announce();
    this.#dependencies.onEnded(plan, outcome);
  }

  /** A key that was removed or has expired during a wait is not sent; another in its place is noted with the answer. */
  async #resolveAgain(
    former: ResolvedTarget,
    reservation: Reservation,
    messageId: string,
  ): Promise<ResolvedTarget> {
    const { connections, history, ledger } = this.#dependencies;
    const resolved = await connections.resolve(former.connection.id, former.keyId);
    if (resolved.keyId === former.keyId) return resolved;
    await history.resumeReply(messageId, askedWith(resolved));
    await ledger.noteKey(reservation, resolved);
    return resolved;
  }
}
