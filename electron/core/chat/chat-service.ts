import { AppError } from '../../contract/app-error.ts';
import type { ParsedInput, RouteOutput } from '../../contract/contract.ts';
import { MAX_MESSAGE_BYTES, type LiveReply, type Message } from '../../contract/model/conversation.ts';
import type { Generation } from '../../contract/model/generation.ts';
import { PLAIN_MESSAGE } from '../../contract/model/plain.ts';
import type { ConnectionService, ResolvedTarget } from '../connections/connection-service.ts';
import type { ConversationService } from '../conversations/conversation-service.ts';
import type { HistoryStore, ModelChoice, ReplyStart } from '../history/history-store.ts';
import type { LedgerService, Reservation } from '../ledger/ledger-service.ts';
import type { Clock, EventSink, HostSignals, IdSource, Logger } from '../ports.ts';
import type { ChatProvider, CompletionRequest, ProviderTurn } from '../providers/chat-provider.ts';
import type { KeySpotter } from '../vault/key-spotter.ts';
import { Reply, type ReplyIdentity } from './reply.ts';
import type { ReplyTiming } from './reply-timing.ts';
import { titleFromMessage } from './title-from-message.ts';

/** What asking and answering needs. */
export interface ChatDependencies {
  readonly history: HistoryStore;
  readonly conversations: ConversationService;
  readonly connections: ConnectionService;
  readonly ledger: LedgerService;
  readonly provider: ChatProvider;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly keySpotter: KeySpotter;
  readonly signals: HostSignals;
  readonly timing: ReplyTiming;
  /** From 0 up to 1. */
  readonly random: () => number;
}

type StartedReply = RouteOutput<'chat.send'>;
/** What the three ways to ask have in common. */
type Asked = Omit<ParsedInput<'chat.regenerate'>, 'messageId'>;

/** What Continue adds to the context. Sent, never shown or stored. */
const CONTINUE_TURN: ProviderTurn = {
  role: 'user',
  text: 'Your last message was cut off. Continue it exactly where it stopped, without repeating anything.',
};

/** Owns every running reply. Windows only watch: closing or reloading one changes nothing here. */
export class ChatService {
  readonly #dependencies: ChatDependencies;
  readonly #running = new Map<string, { readonly reply: Reply; readonly ended: Promise<void> }>();
  /** Conversations with a reply running or about to; one at a time each. */
  readonly #busy = new Set<string>();

  constructor(dependencies: ChatDependencies) {
    this.#dependencies = dependencies;
  }

  /** Stores the message durably, then starts the reply. Everything that can be refused is refused before anything is stored. */
  async send(input: ParsedInput<'chat.send'>): Promise<StartedReply> {
    const { history, connections, clock, ids } = this.#dependencies;
    assertSendable(input.text);
    if (!input.isKeyIntended) this.#assertNoKeyIn(input.text);
    const conversationId = input.conversationId ?? ids.next();
    return this.#whileFree(conversationId, async () => {
      const resolved = await connections.resolveFor(input);
      const former = await this.#messagesOf(input.conversationId);
      const generation =
        input.conversationId === null ? input.generation : await this.#generationOf(conversationId);
      const now = clock.now();
      const userMessage = this.#message({
        conversationId,
        parentId: former.at(-1)?.id ?? null,
        role: 'user',
        text: input.text,
        model: null,
        now,
      });
      const assistantMessage = this.#message({
        conversationId,
        parentId: userMessage.id,
        role: 'assistant',
        text: '',
        model: input.model,
        now,
      });
      const newConversation =
        input.conversationId === null
          ? {
              id: conversationId,
              title: titleFromMessage(input.text),
              ...choiceOf(input),
              generation: input.generation,
              createdAt: now,
              updatedAt: now,
            }
          : null;
      const reservation = await this.#admit(
        { resolved, asked: input, turns: toTurns([...former, userMessage]), assistantMessage },
        () =>
          history.startReply({
            newConversation,
            userMessage,
            assistantMessage,
            choice: choiceOf(input),
            asked: askedWith(resolved),
          }),
      );
      const path = await history.pathTo(userMessage.id);
      return this.#start({
        reservation,
        resolved,
        model: input.model,
        generation,
        path,
        extraTurns: [],
        userMessage,
        assistantMessage,
      });
    });
  }

  /** Asks again; the new answer is a variant beside the old one. */
  async regenerate(input: ParsedInput<'chat.regenerate'>): Promise<StartedReply> {
    const { history, connections, clock } = this.#dependencies;
    const former = await this.#findAnswer(input.messageId);
    return this.#whileFree(former.conversationId, async () => {
      const resolved = await connections.resolveFor(input);
      const path = (await history.pathTo(former.id)).slice(0, -1);
      const generation = await this.#generationOf(former.conversationId);
      const userMessage = lastOf(path);
      const assistantMessage = this.#message({
        conversationId: former.conversationId,
        parentId: userMessage.id,
        role: 'assistant',
        text: '',
        model: input.model,
        now: clock.now(),
      });
      const start: ReplyStart = {
        newConversation: null,
        userMessage: null,
        assistantMessage,
        choice: choiceOf(input),
        asked: askedWith(resolved),
      };
      const reservation = await this.#admit(
        { resolved, asked: input, turns: toTurns(path), assistantMessage },
        () => history.startReply(start),
      );
      return this.#start({
        reservation,
        resolved,
        model: input.model,
        generation,
        path,
        extraTurns: [],
        userMessage,
        assistantMessage,
      });
    });
  }

  /** Lets an answer that was cut off grow on. */
  async continue(input: ParsedInput<'chat.continue'>): Promise<StartedReply> {
    const { history, connections } = this.#dependencies;
    const former = await this.#findAnswer(input.messageId);
    if (former.text === '') return this.regenerate(input);
    return this.#whileFree(former.conversationId, async () => {
      const resolved = await connections.resolveFor(input);
      const path = await history.pathTo(former.id);
      const generation = await this.#generationOf(former.conversationId);
      const userMessage = lastOf(path.slice(0, -1));
      const assistantMessage: Message = { ...former, state: 'streaming', error: null };
      const extraTurns = [CONTINUE_TURN];
      const reservation = await this.#admit(
        { resolved, asked: input, turns: [...toTurns(path), ...extraTurns], assistantMessage },
        () => history.resumeReply(former.id, askedWith(resolved)),
      );
      const { model } = input;
      return this.#start({
        reservation,
        resolved,
        model,
        generation,
        path,
        extraTurns,
        userMessage,
        assistantMessage,
      });
    });
  }

  /** What a message would cost, with the conversation that is sent along. */
  async estimate(input: ParsedInput<'chat.estimate'>): Promise<RouteOutput<'chat.estimate'>> {
    const former = await this.#messagesOf(input.conversationId);
    const turns: ProviderTurn[] = [...toTurns(former), { role: 'user', text: input.text }];
    return this.#dependencies.ledger.estimate(input.connectionId, input.model, turns);
  }

  /** Idempotent. */
  cancel(streamId: string): void {
    this.#running.get(streamId)?.reply.abort('cancelled');
  }

  /** Ends the wait before a retry. Idempotent. */
  retryNow(streamId: string): void {
    this.#running.get(streamId)?.reply.retryNow();
  }

  /** The running reply of a conversation, for a window that was (re)loaded. */
  attach(conversationId: string): LiveReply | null {
    for (const { reply } of this.#running.values()) {
      if (reply.identity.conversationId === conversationId) return reply.snapshot();
    }
    return null;
  }

  /** Stops the reply of a conversation that is being removed, and waits until its row is saved. */
  async stopIn(conversationId: string): Promise<void> {
    const live = this.attach(conversationId);
    const running = live === null ? undefined : this.#running.get(live.streamId);
    running?.reply.abort('cancelled');
    await running?.ended;
  }

  /** Before quitting: aborts all replies and waits until their rows are saved. */
  async stop(): Promise<void> {
    for (const { reply } of this.#running.values()) reply.abort('quit');
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** Asks the ledger, then stores: what is refused leaves no trace. Nothing starts without what this returns. */
  async #admit(
    request: {
      readonly resolved: ResolvedTarget;
      readonly asked: Asked;
      readonly turns: readonly ProviderTurn[];
      readonly assistantMessage: Message;
    },
    store: () => Promise<void>,
  ): Promise<Reservation> {
    const { ledger } = this.#dependencies;
    const { resolved, asked, turns, assistantMessage } = request;
    const reservation = await ledger.reserve({
      connection: resolved.connection,
      keyId: resolved.keyId,
      model: asked.model,
      turns,
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

  #start(start: {
    readonly reservation: Reservation;
    readonly resolved: ResolvedTarget;
    readonly model: string;
    readonly generation: Generation;
    readonly path: readonly Message[];
    readonly extraTurns: readonly ProviderTurn[];
    readonly userMessage: Message;
    readonly assistantMessage: Message;
  }): StartedReply {
    const { reservation, resolved, userMessage, assistantMessage } = start;
    const identity: ReplyIdentity = {
      streamId: this.#dependencies.ids.next(),
      messageId: assistantMessage.id,
      conversationId: assistantMessage.conversationId,
      initialText: assistantMessage.text,
    };
    const reply = new Reply(identity, this.#dependencies);
    const request: CompletionRequest = {
      model: start.model,
      generation: start.generation,
      turns: [...toTurns(start.path), ...start.extraTurns],
    };
    this.#busy.add(identity.conversationId);
    const ended = this.#runToEnd(reply, { reservation, resolved, request });
    this.#running.set(identity.streamId, { reply, ended });
    void this.#dependencies.conversations.announce();
    return {
      conversationId: identity.conversationId,
      streamId: identity.streamId,
      userMessage,
      assistantMessage,
    };
  }

  async #runToEnd(
    reply: Reply,
    asked: {
      readonly reservation: Reservation;
      readonly resolved: ResolvedTarget;
      readonly request: CompletionRequest;
    },
  ): Promise<void> {
    const { reservation, resolved, request } = asked;
    // Let the answer to the request leave first: a window must know the stream before its first event.
    await new Promise((resolve) => setImmediate(resolve));
    let current = resolved;
    const outcome = await reply.run({
      request,
      targetFor: async (attempt) => {
        if (attempt > 1) current = await this.#resolveAgain(current, reservation, reply.identity.messageId);
        return current.target;
      },
    });
    await this.#dependencies.ledger.settle(reservation, {
      usage: outcome.usage,
      error: reply.requestError(),
      receivedText: reply.receivedText(),
    });
    this.#running.delete(reply.identity.streamId);
    this.#busy.delete(reply.identity.conversationId);
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

  /** Runs `start` unless the conversation has a reply running or starting. A failed start frees it again. */
  async #whileFree(conversationId: string, start: () => Promise<StartedReply>): Promise<StartedReply> {
    if (this.#busy.has(conversationId))
      throw new AppError('chat/busy', 'This conversation is still being answered.');
    this.#busy.add(conversationId);
    try {
      return await start();
    } catch (error) {
      this.#busy.delete(conversationId);
      throw error;
    }
  }

  /** A key that was pasted into the composer is noticed before it leaves, whichever way the message came. */
  #assertNoKeyIn(text: string): void {
    const [found] = this.#dependencies.keySpotter(text);
    if (found === undefined) return;
    throw new AppError('secret/key-in-message', 'There seems to be an API key in the message.', {
      details: { start: found.start, length: found.length },
    });
  }

  /** The shown path of a conversation; none of a new one. */
  async #messagesOf(conversationId: string | null): Promise<readonly Message[]> {
    if (conversationId === null) return [];
    return (await this.#dependencies.history.openConversation(conversationId)).messages;
  }

  async #generationOf(conversationId: string): Promise<Generation> {
    return (await this.#dependencies.history.readGeneration(conversationId)).generation;
  }

  async #findAnswer(messageId: string): Promise<Message> {
    const message = await this.#dependencies.history.findMessage(messageId);
    if (message === null || message.role !== 'assistant') throw notFound();
    return message;
  }

  #message(
    message: Pick<Message, 'conversationId' | 'parentId' | 'role' | 'text' | 'model'> & { now: number },
  ): Message {
    const { now, ...rest } = message;
    return {
      ...PLAIN_MESSAGE,
      ...rest,
      id: this.#dependencies.ids.next(),
      state: message.role === 'user' ? 'done' : 'streaming',
      createdAt: now,
    };
  }
}

function assertSendable(text: string): void {
  if (text.trim() === '') throw new AppError('request/empty', 'There is nothing to send.');
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > MAX_MESSAGE_BYTES) {
    throw new AppError('request/too-large', 'The message is too long to send.', {
      details: { bytes, maxBytes: MAX_MESSAGE_BYTES },
    });
  }
}

/** Answers that never said anything are left out: most APIs refuse an empty turn. */
function toTurns(path: readonly Message[]): ProviderTurn[] {
  return path.flatMap(({ role, text }) => (text === '' || role === 'tool' ? [] : [{ role, text }]));
}

function choiceOf({ connectionId, keyId, model }: ModelChoice): ModelChoice {
  return { connectionId, keyId, model };
}

function askedWith({ connection, keyId }: ResolvedTarget): ReplyStart['asked'] {
  return { connectionId: connection.id, keyId };
}

function lastOf(path: readonly Message[]): Message {
  const last = path.at(-1);
  if (last === undefined) throw notFound();
  return last;
}

function notFound(): AppError {
  return new AppError('chat/not-found', 'This message is no longer here.');
}
