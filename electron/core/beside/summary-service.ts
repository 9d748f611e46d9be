import { AppError } from '../../contract/app-error.ts';
import type { EventPayload, ParsedInput, RouteOutput } from '../../contract/contract.ts';
import {
  MAX_SUMMARY_LENGTH,
  type ConversationDetail,
  type Message,
} from '../../contract/model/conversation.ts';
import { PLAIN_GENERATION } from '../../contract/model/plain.ts';
import type { ContextWindows } from '../chat/context-windows.ts';
import { DeltaBatcher } from '../chat/delta-batcher.ts';
import { inputLimitOf, reservedOutputFor } from '../chat/fit-context.ts';
import { toTurns } from '../chat/to-turns.ts';
import type { ConnectionService } from '../connections/connection-service.ts';
import type { HistoryStore } from '../history/history-store.ts';
import { estimateTurns } from '../ledger/estimate-tokens.ts';
import type { EventSink, Logger } from '../ports.ts';
import { assertNoKeyAlong, type KeySpotter } from '../vault/key-spotter.ts';
import type { Reservation } from '../ledger/ledger-service.ts';
import type { BesideRequests, BesideTask } from './beside-request.ts';
import { chooseSummaryPoint } from './choose-summary-point.ts';
import { summaryPrompt } from './summary-prompt.ts';

/** What summaries are made from. */
export interface SummaryDependencies {
  readonly requests: BesideRequests;
  readonly history: Pick<HistoryStore, 'openConversation' | 'writeSummary'>;
  readonly connections: Pick<ConnectionService, 'resolveFor'>;
  readonly windows: ContextWindows;
  readonly keySpotter: KeySpotter;
  readonly events: EventSink;
  readonly logger: Logger;
}

/** A summary that is being made. */
interface RunningSummary {
  readonly abort: AbortController;
  readonly upToMessageId: string;
  text: string;
  ended: Promise<void>;
}

type Started = RouteOutput<'conversations.summarise'>;

/** Lets a summary stand for the beginning of a conversation, when a person asks for one. Owns the requests; windows watch. */
export class SummaryService {
  readonly #dependencies: SummaryDependencies;
  readonly #running = new Map<string, RunningSummary>();
  /** Conversations with a summary running or about to. */
  readonly #busy = new Set<string>();

  constructor(dependencies: SummaryDependencies) {
    this.#dependencies = dependencies;
  }

  /** Resolves once it is under way. Throws what a message would be refused with, `chat/busy` and `chat/nothing-to-summarise`. */
  async start(input: ParsedInput<'conversations.summarise'>): Promise<Started> {
    const { id } = input;
    if (this.#busy.has(id)) throw new AppError('chat/busy', 'A summary is being made.');
    this.#busy.add(id);
    try {
      const task = await this.#plan(input);
      const reservation = await this.#dependencies.requests.reserve(task);
      return this.#run(task, reservation);
    } catch (error) {
      this.#busy.delete(id);
      throw error;
    }
  }

  /** Idempotent. */
  cancel(id: string): void {
    this.#running.get(id)?.abort.abort();
  }

  /** The summary that is being made, for a window that was (re)loaded. */
  live(id: string): RouteOutput<'conversations.liveSummary'> {
    const running = this.#running.get(id);
    return running === undefined ? null : { upToMessageId: running.upToMessageId, text: running.text };
  }

  /** Takes over what a person wrote; null takes the summary away. Throws `chat/not-found`. */
  async set(id: string, summary: ConversationDetail['summary']): Promise<ConversationDetail> {
    const { history } = this.#dependencies;
    await history.writeSummary(id, summary);
    return history.openConversation(id);
  }

  /** Gives up the summary of a conversation that is being removed. */
  async stopIn(id: string): Promise<void> {
    this.cancel(id);
    await this.#running.get(id)?.ended;
  }

  /** Before quitting. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.stopIn(id)));
  }

  async #plan(input: ParsedInput<'conversations.summarise'>): Promise<BesideTask> {
    const { history, connections, windows, keySpotter } = this.#dependencies;
    const resolved = await connections.resolveFor(input);
    const { messages, summary } = await history.openConversation(input.id);
    const { tokens } = windows.windowOf(resolved.connection, input.model);
    const summarisedTo = summary === null ? -1 : messages.findIndex(({ id }) => id === summary.upToMessageId);
    const former = summarisedTo >= 0 ? (summary?.text ?? null) : null;
    if (!input.isKeyIntended) assertNoKeyAlong({ systemPrompt: null, summary: former }, keySpotter);
    const rest: readonly Message[] = messages.slice(summarisedTo + 1);
    const point = chooseSummaryPoint(rest, tokens);
    const last = point === null ? undefined : rest[point];
    if (point === null || last === undefined)
      throw new AppError('chat/nothing-to-summarise', 'There is nothing before the last message.');
    return {
      purpose: 'summary',
      resolved,
      model: input.model,
      generation: PLAIN_GENERATION,
      turns: summaryPrompt({
        former,
        turns: toTurns(rest.slice(0, point + 1)),
        limitTokens: tokens === null ? null : inputLimitOf(tokens, reservedOutputFor(tokens)),
      }),
      conversationId: input.id,
      messageId: last.id,
      isOverBudgetAllowed: input.isOverBudgetAllowed,
      isCostAccepted: input.isCostAccepted,
    };
  }

  #run(task: BesideTask, reservation: Reservation): Started {
    const { conversationId, messageId } = task;
    const running: RunningSummary = {
      abort: new AbortController(),
      upToMessageId: messageId,
      text: '',
      ended: Promise.resolve(),
    };
    this.#running.set(conversationId, running);
    running.ended = this.#runToEnd(task, reservation, running);
    return { upToMessageId: messageId };
  }

  async #runToEnd(task: BesideTask, reservation: Reservation, running: RunningSummary): Promise<void> {
    const { conversationId } = task;
    // Let the answer to the request leave first.
    await new Promise((resolve) => setImmediate(resolve));
    const batcher = new DeltaBatcher({
      show: (text) => this.#grow(conversationId, running, text),
      store: () => undefined,
    });
    const end = await this.#ask(task, reservation, {
      signal: running.abort.signal,
      onText: (text) => batcher.push(text),
    });
    batcher.flush();
    this.#running.delete(conversationId);
    this.#busy.delete(conversationId);
    this.#dependencies.events.emit({ name: 'summary.ended', payload: { conversationId, ...end } });
  }

  async #ask(
    task: BesideTask,
    reservation: Reservation,
    watch: { readonly signal: AbortSignal; readonly onText: (text: string) => void },
  ): Promise<SummaryEnd> {
    const { requests, windows, history, logger } = this.#dependencies;
    const end = await requests.run(task, reservation, { ...watch, maxLength: MAX_SUMMARY_LENGTH });
    if (end.kind === 'aborted') return { state: 'cancelled', error: null };
    if (end.kind === 'failed') {
      const { error } = end;
      windows.noteError(task.resolved.connection, task.model, {
        error,
        sentTokens: estimateTurns(task.turns),
      });
      return { state: 'failed', error: error.toWire() };
    }
    const text = end.text.trim();
    if (text === '') return { state: 'failed', error: EMPTY.toWire() };
    try {
      await history.writeSummary(task.conversationId, { text, upToMessageId: task.messageId });
      return { state: 'done', error: null };
    } catch (error) {
      logger.warn('a summary could not be kept', { error });
      const known =
        error instanceof AppError ? error : new AppError('storage/failed', 'The summary was lost.');
      return { state: 'failed', error: known.toWire() };
    }
  }

  #grow(conversationId: string, running: RunningSummary, text: string): void {
    const at = running.text.length;
    running.text += text;
    this.#dependencies.events.emit({ name: 'summary.grown', payload: { conversationId, at, text } });
  }
}

type SummaryEnd = Omit<EventPayload<'summary.ended'>, 'conversationId'>;

const EMPTY = new AppError('provider/incomplete', 'The model wrote nothing.');
