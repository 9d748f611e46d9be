import type { ErrorCode, ErrorDetails } from '../../contract/app-error.ts';
import type { Connection } from '../../contract/model/connection.ts';
import type { ModelService } from '../models/model-service.ts';

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

/** What knows models, and remembers what servers say of them. */
export type WindowKnowledge = Pick<ModelService, 'capabilitiesOf' | 'noteWindow'>;

/** The windows of models: what is known, by a table or from their servers, and what refusals without a number lead to. */
export class ContextWindows {
  readonly #models: WindowKnowledge;
  /** In memory only: a guess that is wrong must not last. */
  readonly #guesses = new Map<string, number>();

  constructor(models: WindowKnowledge) {
    this.#models = models;
  }

  windowOf(connection: Connection, model: string): ContextWindow {
    const guess = this.#guesses.get(nameOf(connection, model));
    if (guess !== undefined) return { tokens: guess, isGuess: true };
    return { tokens: this.#models.capabilitiesOf(connection, model).contextTokens, isGuess: false };
  }

  /** Learns from a refusal of what was too long. A number counts; without one the window is smaller than what was sent. */
  noteError(connection: Connection, model: string, { error, sentTokens }: FailedRequest): void {
    if (error.code !== 'request/context-too-long') return;
    const name = nameOf(connection, model);
    const stated = error.details['contextTokens'];
    const known = this.#models.capabilitiesOf(connection, model).contextTokens;
    if (typeof stated === 'number' && stated !== known) {
      this.#models.noteWindow(connection, model, stated);
      this.#guesses.delete(name);
      return;
    }
    // A server that repeats its number after a request that should have fit counts tokens otherwise than we estimate them.
    const former = this.windowOf(connection, model).tokens ?? Infinity;
    this.#guesses.set(name, Math.floor(Math.min(sentTokens, former) * GUESS_SHARE));
  }
}

function nameOf({ id, baseUrl }: Connection, model: string): string {
  return JSON.stringify([id, baseUrl, model]);
}
