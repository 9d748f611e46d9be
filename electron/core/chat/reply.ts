import { AppError } from '../../contract/app-error.ts';
import type { LiveReply, ReplyWait, Usage } from '../../contract/model/conversation.ts';
import { parseBaseUrl } from '../connections/parse-base-url.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Clock, EventSink, HostSignals, Logger } from '../ports.ts';
import type { ChatProvider, CompletionRequest, ProviderTarget } from '../providers/chat-provider.ts';
import { rejectionBy, runAttempt } from './attempt.ts';
import { DeltaBatcher } from './delta-batcher.ts';
import {
  doneOutcome,
  failedOutcome,
  outcomeOfEarlyEnd,
  type AbortReason,
  type ReplyOutcome,
} from './reply-outcome.ts';
import type { ReplyTiming } from './reply-timing.ts';
import { decideRetry, isNetworkFailure, MAX_REQUESTS } from './retry-policy.ts';
import { startRetryWait, type RetryWait } from './retry-wait.ts';

/** What one reply needs from its surroundings. */
export interface ReplyDependencies {
  readonly provider: ChatProvider;
  readonly history: Pick<HistoryStore, 'appendChunk' | 'endReply'>;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signals: HostSignals;
  readonly timing: ReplyTiming;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Who a reply is. */
export interface ReplyIdentity {
  readonly streamId: string;
  readonly messageId: string;
  readonly conversationId: string;
  /** Text the message already has (Continue); '' otherwise. */
  readonly initialText: string;
}

/** What a reply asks. */
export interface ReplyTask {
  readonly request: CompletionRequest;
  /** Where it asks, looked up anew for every request: meanwhile the key may have been removed or replaced. */
  readonly targetFor: (attempt: number) => Promise<ProviderTarget>;
}

/**
 * One reply, from request to saved row. Its events carry `seq` 1, 2, 3, ...; `chat.ended` is the last, comes exactly once,
 * and only after the row is saved.
 */
export class Reply {
  readonly identity: ReplyIdentity;
  readonly #dependencies: ReplyDependencies;
  readonly #abort = new AbortController();
  readonly #batcher: DeltaBatcher;
  #shownText: string;
  #receivedLength = 0;
  #seq = 0;
  #lastWrite: Promise<void> = Promise.resolve();
  #storageError: AppError | null = null;
  #requestError: AppError | null = null;
  #usage: Usage | null = null;
  #waiting: ReplyWait | null = null;
  #wait: RetryWait | null = null;

  constructor(identity: ReplyIdentity, dependencies: ReplyDependencies) {
    this.identity = identity;
    this.#dependencies = dependencies;
    this.#shownText = identity.initialText;
    this.#batcher = new DeltaBatcher({
      show: (text) => {
        this.#show(text);
      },
      store: (text) => {
        this.#store(text);
      },
    });
  }

  /** What a window that (re)attaches needs: exactly the text of the events up to `lastSeq`. */
  snapshot(): LiveReply {
    const { streamId, messageId, conversationId } = this.identity;
    const text = this.#shownText;
    const waiting = this.#waiting;
    return { streamId, messageId, conversationId, text, reasoning: '', waiting, lastSeq: this.#seq };
  }

  /** What this request brought, without the text the message had before. Complete once `run` has resolved. */
  receivedText(): string {
    return this.#shownText.slice(this.identity.initialText.length);
  }

  /** What the last request that left failed with; null when it was answered, or ended by a person. Complete as above. */
  requestError(): AppError | null {
    return this.#requestError;
  }

  /** Ends the reply early; what has arrived is kept. Idempotent. */
  abort(reason: AbortReason): void {
    this.#abort.abort(reason);
  }

  /** Ends the wait before a retry, if there is one. */
  retryNow(): void {
    this.#wait?.end();
  }

  /** Runs to a terminal state and saves it. Never rejects. The caller frees the conversation, then calls `announceEnd`. */
  async run(task: ReplyTask): Promise<ReplyOutcome> {
    const outcome = await this.#ask(task);
    this.#batcher.flush();
    await this.#lastWrite;
    if (this.#storageError === null) return this.#save(outcome);
    return this.#save({ ...failedOutcome(this.#storageError), usage: outcome.usage });
  }

  /** The one terminal event. */
  announceEnd(outcome: ReplyOutcome): void {
    const { streamId, messageId, conversationId } = this.identity;
    this.#seq += 1;
    this.#dependencies.events.emit({
      name: 'chat.ended',
      payload: { streamId, messageId, conversationId, seq: this.#seq, ...outcome },
    });
  }

  /** Asks until there is an answer, a reason not to ask again, or an abort. */
  async #ask({ request, targetFor }: ReplyTask): Promise<ReplyOutcome> {
    const { provider, timing } = this.#dependencies;
    const { signal } = this.#abort;
    const onText = (text: string): void => this.#receive(text);
    try {
      for (let attempt = 1; ; attempt += 1) {
        const target = await Promise.race([targetFor(attempt), rejectionBy(signal)]);
        this.#requestError = null;
        const end = await runAttempt({ provider, target, request, timing, signal, onText });
        this.#usage = end.usage;
        if (end.kind === 'finished') return doneOutcome(end.usage);
        signal.throwIfAborted();
        this.#requestError = this.#toAppError(end.error);
        if (end.isFinal) throw this.#requestError;
        await this.#waitAfter(attempt, this.#requestError, target);
        signal.throwIfAborted();
      }
    } catch (error) {
      return { ...this.#endEarly(signal.aborted ? signal.reason : error), usage: this.#usage };
    }
  }

  /** Waits until the next request is due; throws when there is to be none. */
  async #waitAfter(attempt: number, error: AppError, { origin }: ProviderTarget): Promise<void> {
    const { clock, signals, timing, random } = this.#dependencies;
    const decision = decideRetry({
      code: error.code,
      details: error.details,
      attempt,
      // A server on this computer needs no network.
      isOffline: !signals.isOnline() && !parseBaseUrl(origin).isLoopback,
      baseMs: timing.retryBaseMs,
      random: random(),
    });
    if (decision.kind === 'give-up') {
      throw decision.askedWaitMs === null ? error : notBefore(error, clock.now() + decision.askedWaitMs);
    }
    const { waitMs } = decision;
    const retryAt = clock.now() + waitMs;
    const endsOnline = isNetworkFailure(error.code);
    const { signal } = this.#abort;
    this.#wait = startRetryWait({ waitMs, retryAt, endsOnline, clock, signals, signal });
    this.#announceWait({ attempt: attempt + 1, maxAttempts: MAX_REQUESTS, retryAt, reason: error.code });
    await this.#wait.ended;
    this.#wait = null;
    this.#announceWait(null);
  }

  #announceWait(waiting: ReplyWait | null): void {
    const { streamId, messageId, conversationId } = this.identity;
    this.#waiting = waiting;
    this.#seq += 1;
    this.#dependencies.events.emit({
      name: 'chat.waiting',
      payload: { streamId, messageId, conversationId, seq: this.#seq, waiting },
    });
  }

  #endEarly(reason: unknown): ReplyOutcome {
    const isWish = reason === 'cancelled' || reason === 'quit';
    return outcomeOfEarlyEnd(isWish ? reason : this.#toAppError(reason), this.#receivedLength > 0);
  }

  #toAppError(error: unknown): AppError {
    if (error instanceof AppError) return error;
    this.#dependencies.logger.error('a reply failed unexpectedly', { error });
    return new AppError('internal', 'Something went wrong inside Latchkey.');
  }

  #receive(text: string): void {
    this.#receivedLength += text.length;
    this.#batcher.push(text);
  }

  #show(text: string): void {
    this.#shownText += text;
    this.#seq += 1;
    const { streamId, messageId, conversationId } = this.identity;
    this.#dependencies.events.emit({
      name: 'chat.delta',
      payload: { streamId, messageId, conversationId, seq: this.#seq, text },
    });
  }

  /** Chunks are written in order. The first failure ends the reply: text that cannot be kept must not look kept. */
  #store(text: string): void {
    this.#lastWrite = this.#lastWrite.then(async () => {
      if (this.#storageError !== null) return;
      try {
        await this.#dependencies.history.appendChunk(this.identity.messageId, text);
      } catch (error) {
        this.#storageError = toStorageError(error);
        this.#abort.abort(this.#storageError);
      }
    });
  }

  async #save(outcome: ReplyOutcome): Promise<ReplyOutcome> {
    const { history, clock, logger } = this.#dependencies;
    try {
      await history.endReply({ messageId: this.identity.messageId, ...outcome, endedAt: clock.now() });
      return outcome;
    } catch (error) {
      logger.error('a reply could not be saved', { error });
      return { ...failedOutcome(toStorageError(error)), usage: outcome.usage };
    }
  }
}

/** The same error with the moment before which the server does not want to be asked again. */
function notBefore({ code, message, details, cause }: AppError, retryAt: number): AppError {
  return new AppError(code, message, { details: { ...details, retryAt }, cause });
}

function toStorageError(error: unknown): AppError {
  return error instanceof AppError
    ? error
    : new AppError('storage/failed', 'The answer could not be saved.', { cause: error });
}
