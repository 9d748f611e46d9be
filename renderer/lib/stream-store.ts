import type { EventPayload } from '../../electron/contract/contract.ts';
import type { LiveReply, ReplyWait } from '../../electron/contract/model/conversation.ts';

/** Text to append, as main sends it. */
export type Delta = EventPayload<'chat.delta'>;

/** A piece of what the model thinks, as main sends it. */
export type Thought = EventPayload<'chat.reasoning'>;

/** A reply begins or ends to wait before it asks again. */
export type WaitChange = EventPayload<'chat.waiting'>;

/** What became of an event: `gap` means that one before it is missing and the window must attach again. */
export type DeltaOutcome = 'applied' | 'dropped' | 'gap';

interface Stream {
  readonly streamId: string;
  readonly messageId: string;
  readonly conversationId: string;
  lastSeq: number;
  text: string;
  reasoning: string;
  waiting: ReplyWait | null;
}

/** Ended streams are remembered so that a late answer cannot bring one back to life; more than this never matter. */
const MAX_ENDED = 200;

/**
 * The replies that are arriving now. One message listens to its own stream; nothing else renders.
 * Main owns the stream: this only watches, and asks again whenever it is not sure.
 */
export class StreamStore {
  readonly #byMessage = new Map<string, Stream>();
  readonly #ended = new Set<string>();
  readonly #awaited = new Map<string, (() => DeltaOutcome)[]>();
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Keeps the events of a conversation until {@link attach}: they may overtake the answer to `chat.attach`. */
  await(conversationId: string): void {
    if (!this.#awaited.has(conversationId)) this.#awaited.set(conversationId, []);
  }

  /** Takes what `chat.attach` answered and whatever arrived meanwhile. Says whether something is missing in between. */
  attach(conversationId: string, live: LiveReply | null): DeltaOutcome {
    const waiting = this.#awaited.get(conversationId) ?? [];
    this.#awaited.delete(conversationId);
    if (live === null || this.#ended.has(live.streamId)) return 'dropped';
    const known = this.#byMessage.get(live.messageId);
    // An answer that is older than what was already shown must not take text away.
    if (known?.streamId !== live.streamId || known.lastSeq < live.lastSeq) {
      this.#byMessage.set(live.messageId, { ...live });
    }
    const outcomes = waiting.map((apply) => apply());
    this.#notify(live.messageId);
    return outcomes.includes('gap') ? 'gap' : 'applied';
  }

  /** Appends text: unknown streams and numbers already seen are dropped, a gap is reported and nothing is appended. */
  apply(delta: Delta): DeltaOutcome {
    return this.#advance(delta, (stream) => {
      stream.text += delta.text;
    });
  }

  /** Appends to what the model thinks, by the same rules. */
  applyReasoning(thought: Thought): DeltaOutcome {
    return this.#advance(thought, (stream) => {
      stream.reasoning += thought.text;
    });
  }

  /** Takes over that a reply waits, or no longer does, by the same rules. */
  applyWait(change: WaitChange): DeltaOutcome {
    return this.#advance(change, (stream) => {
      stream.waiting = change.waiting;
    });
  }

  /** A stream reached its end. Its text stays readable until {@link forget}, when history has been read again. */
  end(streamId: string): void {
    this.#ended.add(streamId);
    const oldest = this.#ended.values().next().value;
    if (this.#ended.size > MAX_ENDED && oldest !== undefined) this.#ended.delete(oldest);
  }

  /** Drops the text of ended streams of a message: from here on history is the truth. */
  forget(messageId: string): void {
    const stream = this.#byMessage.get(messageId);
    if (stream === undefined || !this.#ended.has(stream.streamId)) return;
    this.#byMessage.delete(messageId);
    this.#notify(messageId);
  }

  /** The text so far, or null when no reply is arriving for this message. */
  textOf(messageId: string): string | null {
    return this.#byMessage.get(messageId)?.text ?? null;
  }

  /** What the model has thought so far, or null when no reply is arriving for this message. */
  reasoningOf(messageId: string): string | null {
    return this.#byMessage.get(messageId)?.reasoning ?? null;
  }

  /** Until when a reply waits and why, or null when it does not. */
  waitOf(messageId: string): ReplyWait | null {
    return this.streamIdOf(messageId) === null ? null : (this.#byMessage.get(messageId)?.waiting ?? null);
  }

  /** The stream to cancel, or null. */
  streamIdOf(messageId: string): string | null {
    const stream = this.#byMessage.get(messageId);
    return stream === undefined || this.#ended.has(stream.streamId) ? null : stream.streamId;
  }

  /** Calls `listener` whenever the reply of one message changed. */
  subscribe(messageId: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(messageId) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(messageId, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(messageId);
    };
  }

  #advance(event: Omit<Delta, 'text'>, change: (stream: Stream) => void): DeltaOutcome {
    const awaited = this.#awaited.get(event.conversationId);
    if (awaited !== undefined) {
      awaited.push(() => this.#advance(event, change));
      return 'dropped';
    }
    const stream = this.#byMessage.get(event.messageId);
    if (stream === undefined || stream.streamId !== event.streamId || event.seq <= stream.lastSeq) {
      return 'dropped';
    }
    if (event.seq > stream.lastSeq + 1) return 'gap';
    stream.lastSeq = event.seq;
    change(stream);
    this.#notify(event.messageId);
    return 'applied';
  }

  #notify(messageId: string): void {
    for (const listener of this.#listeners.get(messageId) ?? []) listener();
  }
}

/** The store of this window. */
export const streams = new StreamStore();
