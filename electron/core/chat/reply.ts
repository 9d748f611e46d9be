import { AppError, type WireError } from '../../contract/app-error.ts';
import type { LiveReply, TerminalState, Usage } from '../../contract/model/conversation.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Clock, EventSink, Logger } from '../ports.ts';
import type { ChatProvider, CompletionRequest, ProviderTarget } from '../providers/chat-provider.ts';
import { DeltaBatcher } from './delta-batcher.ts';

/** What one reply needs from its surroundings. */
export interface ReplyDependencies {
  readonly provider: ChatProvider;
  readonly history: Pick<HistoryStore, 'appendChunk' | 'endReply'>;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Longest silence between two events of the provider before the reply is given up. */
  readonly stallTimeoutMs: number;
}

/** Who a reply is. */
export interface ReplyIdentity {
  readonly streamId: string;
  readonly messageId: string;
  readonly conversationId: string;
  /** Text the message already has (Continue); '' otherwise. */
  readonly initialText: string;
}

/** How a reply ended. */
export interface ReplyOutcome {
  readonly state: TerminalState;
  readonly error: WireError | null;
  readonly usage: Usage | null;
}

/** Why a reply was aborted; anything else that ends a stream is an error. */
type AbortReason = 'cancelled' | 'quit';

/**
 * One reply, from request to saved row. Deltas carry `seq` 1, 2, 3, ...; `chat.ended` is the last, comes exactly once, and
 * only after the row is saved.
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
    return { streamId, messageId, conversationId, text: this.#shownText, lastSeq: this.#seq };
  }

  /** What this request brought, without the text the message had before. Complete once `run` has resolved. */
  receivedText(): string {
    return this.#shownText.slice(this.identity.initialText.length);
  }

  /** Ends the reply early; what has arrived is kept. Idempotent. */
  abort(reason: AbortReason): void {
    this.#abort.abort(reason);
  }

  /** Runs to a terminal state and saves it. Never rejects. The caller frees the conversation, then calls `announceEnd`. */
  async run(target: ProviderTarget, request: CompletionRequest): Promise<ReplyOutcome> {
    const outcome = await this.#stream(target, request);
    this.#batcher.flush();
    await this.#lastWrite;
    if (this.#storageError === null) return this.#save(outcome);
    return this.#save({ ...failed(this.#storageError), usage: outcome.usage });
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

  async #stream(target: ProviderTarget, request: CompletionRequest): Promise<ReplyOutcome> {
    const { provider, stallTimeoutMs } = this.#dependencies;
    const signal = this.#abort.signal;
    const watchdog = setTimeout(() => {
      this.#abort.abort(new AppError('network/timeout', 'The server stopped answering.'));
    }, stallTimeoutMs);
    let usage: Usage | null = null;
    try {
      for await (const event of provider.stream(target, request, signal)) {
        watchdog.refresh();
        if (signal.aborted) break;
        if (event.type === 'delta') this.#receive(event.text);
        else usage = event.usage ?? usage;
      }
      // A provider that ignores the abort must not turn it into a success.
      signal.throwIfAborted();
      return { state: 'done', error: null, usage };
    } catch (error) {
      return { ...this.#outcomeOf(signal.aborted ? signal.reason : error), usage };
    } finally {
      clearTimeout(watchdog);
    }
  }

  #outcomeOf(reason: unknown): ReplyOutcome {
    if (reason === 'cancelled') return { state: 'cancelled', error: null, usage: null };
    if (reason === 'quit') return { state: 'interrupted', error: null, usage: null };
    if (!(reason instanceof AppError)) {
      this.#dependencies.logger.error('a reply failed unexpectedly', { error: reason });
      return failed(new AppError('internal', 'Something went wrong inside Latchkey.'));
    }
    const isCutShort =
      this.#receivedLength > 0 &&
      (reason.code.startsWith('network/') || reason.code === 'provider/incomplete');
    return { state: isCutShort ? 'interrupted' : 'failed', error: reason.toWire(), usage: null };
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
      return { ...failed(toStorageError(error)), usage: outcome.usage };
    }
  }
}

function failed(error: AppError): ReplyOutcome {
  return { state: 'failed', error: error.toWire(), usage: null };
}

function toStorageError(error: unknown): AppError {
  return error instanceof AppError
    ? error
    : new AppError('storage/failed', 'The answer could not be saved.', { cause: error });
}
