import { AppError } from '../../contract/app-error.ts';
import type { LiveReply, ReplyWait, Usage } from '../../contract/model/conversation.ts';
import { parseBaseUrl } from '../connections/parse-base-url.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Clock, EventSink, HostSignals, Logger } from '../ports.ts';
import type {
  ChatProvider,
  CompletionRequest,
  ProviderEvent,
  ProviderTarget,
} from '../providers/chat-provider.ts';
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
import { Watchdog } from './watchdog.ts';

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

/** What has arrived besides text. */
interface Answer {
  isWhole: boolean;
  usage: Usage | null;
}

/** What became of one request. */
type AttemptEnd =
  | { readonly kind: 'finished'; readonly usage: Usage | null }
  /** `isFinal`: something of an answer has arrived, or a whole wait was spent on it. */
  | { readonly kind: 'broken'; readonly error: AppError; readonly isFinal: boolean; readonly origin: string };

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
    return { streamId, messageId, conversationId, text, waiting: this.#waiting, lastSeq: this.#seq };
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
    return this.#save(this.#storageError === null ? outcome : failedOutcome(this.#storageError));
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
  async #ask(task: ReplyTask): Promise<ReplyOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      const end = await this.#attempt(task, attempt);
      if (end.kind === 'finished') return doneOutcome(end.usage);
      if (this.#abort.signal.aborted) return this.#endEarly(this.#abort.signal.reason);
      if (end.isFinal) return this.#endEarly(end.error);
      const refusal = await this.#waitBefore(attempt + 1, end);
      if (this.#abort.signal.aborted) return this.#endEarly(this.#abort.signal.reason);
      if (refusal !== null) return this.#endEarly(refusal);
    }
  }

  /** One request and its answer. */
  async #attempt({ request, targetFor }: ReplyTask, attempt: number): Promise<AttemptEnd> {
    const { provider, timing } = this.#dependencies;
    const expiry = new AbortController();
    const expire = (): void => {
      expiry.abort(new AppError('network/timeout', 'The server stopped answering.'));
    };
    const signal = AbortSignal.any([this.#abort.signal, expiry.signal]);
    const watchdog = new Watchdog(timing, expire);
    const answer: Answer = { isWhole: false, usage: null };
    let countsTimer: NodeJS.Timeout | undefined;
    let target: ProviderTarget | null = null;
    try {
      target = await targetFor(attempt);
      signal.throwIfAborted();
      const events = provider.stream(target, request, { signal, onBytes: () => watchdog.noteBytes() });
      const received = this.#receiveAll(events, { signal, watchdog, answer }, () => {
        countsTimer = setTimeout(expire, timing.countsMs);
      });
      // A provider that does not hear the abort must not hold the reply up.
      await Promise.race([received, rejectionBy(signal)]);
      return { kind: 'finished', usage: answer.usage };
    } catch (error) {
      // What breaks after the answer is whole can only cost its token counts.
      if (answer.isWhole) return { kind: 'finished', usage: answer.usage };
      return {
        kind: 'broken',
        error: this.#toAppError(expiry.signal.aborted ? expiry.signal.reason : error),
        isFinal: watchdog.hasBytes || expiry.signal.aborted || target === null,
        origin: target?.origin ?? '',
      };
    } finally {
      watchdog.stop();
      clearTimeout(countsTimer);
    }
  }

  async #receiveAll(
    events: AsyncIterable<ProviderEvent>,
    { signal, watchdog, answer }: { signal: AbortSignal; watchdog: Watchdog; answer: Answer },
    onWhole: () => void,
  ): Promise<void> {
    for await (const event of events) {
      if (signal.aborted) break;
      watchdog.noteProgress();
      if (event.type === 'delta') this.#receive(event.text);
      if (event.type === 'finished' || event.type === 'usage') answer.usage = event.usage ?? answer.usage;
      if (event.type !== 'finished') continue;
      answer.isWhole = true;
      onWhole();
    }
    // A provider that ignores the abort must not turn it into a success.
    signal.throwIfAborted();
  }

  /** Waits until the next request is due; returns why there is none, or null. */
  async #waitBefore(attempt: number, end: Extract<AttemptEnd, { kind: 'broken' }>): Promise<AppError | null> {
    const { clock, signals, timing, random } = this.#dependencies;
    const { error } = end;
    const decision = decideRetry({
      code: error.code,
      details: error.details,
      attempt: attempt - 1,
      // A server on this computer needs no network.
      isOffline: !signals.isOnline() && !parseBaseUrl(end.origin).isLoopback,
      baseMs: timing.retryBaseMs,
      random: random(),
    });
    if (decision.kind === 'give-up') {
      return decision.askedWaitMs === null ? error : notBefore(error, clock.now() + decision.askedWaitMs);
    }
    const { waitMs } = decision;
    const retryAt = clock.now() + waitMs;
    const endsOnline = isNetworkFailure(error.code);
    const { signal } = this.#abort;
    this.#wait = startRetryWait({ waitMs, retryAt, endsOnline, clock, signals, signal });
    this.#announceWait({ attempt, maxAttempts: MAX_REQUESTS, retryAt, reason: error.code });
    await this.#wait.ended;
    this.#wait = null;
    this.#announceWait(null);
    return null;
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

  #toAppError(reason: unknown): AppError {
    if (reason instanceof AppError) return reason;
    // An abort is judged by its own signal; here it only passes through.
    if (!this.#abort.signal.aborted)
      this.#dependencies.logger.error('a reply failed unexpectedly', { error: reason });
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
      return failedOutcome(toStorageError(error));
    }
  }
}

/** Rejects with the reason of an abort; pending for ever without one. */
function rejectionBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
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
