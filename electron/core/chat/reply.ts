import { AppError } from '../../contract/app-error.ts';
import type { Citation, LiveReply, ReplyWait, Usage } from '../../contract/model/conversation.ts';
import type { AttachmentService } from '../attachments/attachment-service.ts';
import { parseBaseUrl } from '../connections/parse-base-url.ts';
import type { ChunkKind, HistoryStore } from '../history/history-store.ts';
import type { ModelLearner } from '../models/model-service.ts';
import type { Clock, EventSink, HostSignals, Logger } from '../ports.ts';
import type { ChatProvider, CompletionRequest, ProviderTarget } from '../providers/chat-provider.ts';
import type { PictureCount } from '../ledger/close-entry.ts';
import { RefusedPartsError } from '../providers/refused-parts.ts';
import { rejectionBy, runAttempt, type ReplyContent } from './attempt.ts';
import { DeltaBatcher } from './delta-batcher.ts';
import {
  doneOutcome,
  failedOutcome,
  outcomeOfEarlyEnd,
  type AbortReason,
  type ReplyOutcome,
} from './reply-outcome.ts';
import { ReplyPictures } from './reply-pictures.ts';
import type { ReplyTiming } from './reply-timing.ts';
import { decideRetry, isNetworkFailure, MAX_REQUESTS } from './retry-policy.ts';
import { startRetryWait, type RetryWait } from './retry-wait.ts';

/** What one reply needs from its surroundings. */
export interface ReplyDependencies {
  readonly provider: ChatProvider;
  readonly history: Pick<HistoryStore, 'appendChunk' | 'endReply'>;
  /** Keeps the pictures of an answer with its message. */
  readonly attachments: Pick<AttachmentService, 'prepareImage' | 'keepImage'>;
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
  /** The same for the summary of what the model thought. */
  readonly initialReasoning: string;
}

/** Longest summary of thoughts kept, in UTF-16 units. What a model thinks beyond it, nobody reads. */
export const MAX_REASONING_LENGTH = 1_000_000;

/** Most sources kept of one request. */
const MAX_CITATIONS = 100;

/** What a reply asks. */
export interface ReplyTask {
  readonly request: CompletionRequest;
  /** Where it asks, looked up anew for every request: meanwhile the key may have been removed or replaced. */
  readonly targetFor: (attempt: number) => Promise<ProviderTarget>;
  /** What the model takes, and who is told when it does not. */
  readonly learner: ModelLearner;
}

/**
 * One reply, from request to saved row. Its events carry `seq` 1, 2, 3, ...; `chat.ended` is the last, comes exactly once,
 * and only after the row is saved.
 */
export class Reply {
  readonly identity: ReplyIdentity;
  readonly #dependencies: ReplyDependencies;
  readonly #abort = new AbortController();
  readonly #text: DeltaBatcher;
  readonly #reasoning: DeltaBatcher;
  readonly #pictures: ReplyPictures;
  #shownText: string;
  #shownReasoning: string;
  #receivedLength = 0;
  #reasoningLength: number;
  #citations: readonly Citation[] = [];
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
    this.#shownReasoning = identity.initialReasoning;
    this.#reasoningLength = identity.initialReasoning.length;
    this.#text = new DeltaBatcher({
      show: (text) => this.#showText(text),
      store: (text) => this.#store(text, 'text'),
    });
    this.#reasoning = new DeltaBatcher({
      show: (text) => this.#showReasoning(text),
      store: (text) => this.#store(text, 'reasoning'),
    });
    this.#pictures = new ReplyPictures({
      messageId: identity.messageId,
      attachments: dependencies.attachments,
      write: (write) => this.#write(write),
    });
  }

  /** What a window that (re)attaches needs: exactly the text of the events up to `lastSeq`. */
  snapshot(): LiveReply {
    const { streamId, messageId, conversationId } = this.identity;
    const text = this.#shownText;
    const reasoning = this.#shownReasoning;
    const waiting = this.#waiting;
    return { streamId, messageId, conversationId, text, reasoning, waiting, lastSeq: this.#seq };
  }

  /** What this request brought, thoughts included, without what the message had before. Complete once `run` has resolved. */
  receivedText(): string {
    const { initialText, initialReasoning } = this.identity;
    return this.#shownReasoning.slice(initialReasoning.length) + this.#shownText.slice(initialText.length);
  }

  /** How many pictures this request brought or was about to. Complete as above. */
  pictures(): PictureCount {
    return this.#pictures.count();
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
    this.#reasoning.flush();
    this.#text.flush();
    const { signal } = this.#abort;
    const hasAllPictures = await this.#pictures.settle(signal, this.#dependencies.timing.pictureGraceMs);
    await this.#lastWrite;
    const { usage } = outcome;
    if (this.#storageError !== null) return this.#save({ ...failedOutcome(this.#storageError), usage });
    if (outcome.state !== 'done') return this.#save(outcome);
    // Whole but for a picture: said, since nobody would miss what was never shown.
    const pictureError = this.#pictures.error();
    if (pictureError !== null) return this.#save({ ...failedOutcome(pictureError), usage });
    return this.#save(hasAllPictures ? outcome : { ...this.#endEarly(signal.reason), usage });
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
  async #ask({ request: asked, targetFor, learner }: ReplyTask): Promise<ReplyOutcome> {
    const { provider, timing } = this.#dependencies;
    const { signal } = this.#abort;
    const onContent = (content: ReplyContent): void => this.#receive(content);
    try {
      for (let attempt = 1; ; attempt += 1) {
        const target = await Promise.race([targetFor(attempt), rejectionBy(signal)]);
        this.#requestError = null;
        const request = learner.prepare(asked);
        this.#pictures.beginRequest(request.answer === 'picture' ? 1 : 0);
        const end = await runAttempt({ provider, target, request, timing, signal, onContent });
        this.#usage = end.usage;
        if (end.kind === 'finished') {
          learner.noteAnswered(request);
          return doneOutcome(end.usage);
        }
        signal.throwIfAborted();
        this.#requestError = this.#toAppError(end.error);
        if (end.isFinal) throw this.#requestError;
        if (canAskWithout(end.error, learner) && attempt < MAX_REQUESTS) continue;
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
    const hasContent = this.#receivedLength > 0 || this.#pictures.count().received > 0;
    return outcomeOfEarlyEnd(isWish ? reason : this.#toAppError(reason), hasContent);
  }

  #toAppError(error: unknown): AppError {
    if (error instanceof AppError) return error;
    this.#dependencies.logger.error('a reply failed unexpectedly', { error });
    return new AppError('internal', 'Something went wrong inside Latchkey.');
  }

  #receive(content: ReplyContent): void {
    switch (content.type) {
      case 'delta':
        this.#receivedLength += content.text.length;
        this.#text.push(content.text);
        return;
      case 'reasoning':
        this.#receiveReasoning(content.text);
        return;
      case 'citations':
        this.#citations = [...this.#citations, ...content.citations].slice(0, MAX_CITATIONS);
        return;
      case 'image-begun':
        this.#pictures.noteBegun();
        return;
      case 'image':
        this.#pictures.add(content.mediaType, content.bytes);
        return;
    }
  }

  #receiveReasoning(text: string): void {
    const room = Math.max(0, MAX_REASONING_LENGTH - this.#reasoningLength);
    // Thoughts of a continuation are a paragraph of their own.
    const isContinued =
      this.#reasoningLength > 0 && this.#reasoningLength === this.identity.initialReasoning.length;
    const kept = (isContinued ? `\n\n${text}` : text).slice(0, room);
    this.#reasoningLength += kept.length;
    if (kept !== '') this.#reasoning.push(kept);
  }

  #showReasoning(text: string): void {
    this.#shownReasoning += text;
    this.#seq += 1;
    const { streamId, messageId, conversationId } = this.identity;
    this.#dependencies.events.emit({
      name: 'chat.reasoning',
      payload: { streamId, messageId, conversationId, seq: this.#seq, text },
    });
  }

  #showText(text: string): void {
    this.#shownText += text;
    this.#seq += 1;
    const { streamId, messageId, conversationId } = this.identity;
    this.#dependencies.events.emit({
      name: 'chat.delta',
      payload: { streamId, messageId, conversationId, seq: this.#seq, text },
    });
  }

  #store(text: string, kind: ChunkKind): void {
    this.#write(() => this.#dependencies.history.appendChunk(this.identity.messageId, text, kind));
  }

  /** What arrives is written in order. The first failure ends the reply: what cannot be kept must not look kept. */
  #write(write: () => Promise<unknown>): void {
    this.#lastWrite = this.#lastWrite.then(async () => {
      if (this.#storageError !== null) return;
      try {
        await write();
      } catch (error) {
        this.#storageError = toStorageError(error);
        this.#abort.abort(this.#storageError);
      }
    });
  }

  async #save(outcome: ReplyOutcome): Promise<ReplyOutcome> {
    const { history, clock, logger } = this.#dependencies;
    const { messageId } = this.identity;
    try {
      await history.endReply({
        messageId,
        ...outcome,
        citations: this.#placedCitations(),
        endedAt: clock.now(),
      });
      return outcome;
    } catch (error) {
      logger.error('a reply could not be saved', { error });
      return { ...failedOutcome(toStorageError(error)), usage: outcome.usage };
    }
  }

  /** The sources, by their places in the whole message. */
  #placedCitations(): Citation[] {
    const { length } = this.#shownText;
    const place = (at: number): number => Math.min(length, this.identity.initialText.length + at);
    return this.#citations.map((citation) => ({
      ...citation,
      start: place(citation.start),
      end: place(citation.end),
    }));
  }
}

/** Whether a request failed only for parts without which it is the same question. Remembers that they are refused. */
function canAskWithout(error: unknown, learner: ModelLearner): boolean {
  return error instanceof RefusedPartsError && learner.noteRefused(error.refused);
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
