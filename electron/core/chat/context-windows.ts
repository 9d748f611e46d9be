import type { ErrorCode, ErrorDetails } from '../../contract/app-error.ts';
import type { Connection } from '../../contract/model/connection.ts';

/** How much a model takes at once. */
export interface ContextWindow {
  /** null when nobody knows. */
  readonly tokens: number | null;
  /** Taken from a refusal that named no number: good enough to shorten by, not to refuse by. */
  readonly isGuess: boolean;
}

/** A request that failed. */
export interface FailedRequest {
  readonly error: { readonly code: ErrorCode; readonly details: ErrorDetails };
  /** What was sent, as estimated. */
  readonly sentTokens: number;
}

/** A request shorter by this much than one that was refused is worth another try. */
const GUESS_SHARE = 0.75;

/** The windows of models: what a table knows, and over it what servers have said in this run. */
export class ContextWindows {
  readonly #known: (connection: Connection, model: string) => number | null;
  readonly #learned = new Map<string, ContextWindow>();

  constructor(known: (connection: Connection, model: string) => number | null) {
    this.#known = known;
  }

  windowOf(connection: Connection, model: string): ContextWindow {
    const learned = this.#learned.get(nameOf(connection, model));
    return learned ?? { tokens: this.#known(connection, model), isGuess: false };
  }

  /** Learns from a refusal of what was too long. A number counts; without one the window is smaller than what was sent. */
  noteError(connection: Connection, model: string, { error, sentTokens }: FailedRequest): void {
    if (error.code !== 'request/context-too-long') return;
    const stated = error.details['contextTokens'];
    const statedTokens = typeof stated === 'number' ? stated : null;
    const former = this.windowOf(connection, model);
    const guessed = Math.floor(Math.min(sentTokens, former.tokens ?? Infinity) * GUESS_SHARE);
    const isNews = statedTokens !== null && statedTokens !== former.tokens;
    // A server that repeats its number after a request that should have fit counts tokens otherwise than we estimate them.
    const learned = isNews ? { tokens: statedTokens, isGuess: false } : { tokens: guessed, isGuess: true };
    this.#learned.set(nameOf(connection, model), learned);
  }
}

function nameOf({ id, baseUrl }: Connection, model: string): string {
  return JSON.stringify([id, baseUrl, model]);
}
