import type { ErrorCode, ErrorDetails } from '../../contract/app-error.ts';
import type { Connection } from '../../contract/model/connection.ts';
import type { ModelService } from '../models/model-service.ts';

/** How much a model takes at once. */
export interface ContextWindow {
  /** null when nobody knows. */
  readonly tokens: number | null;
  /** Taken from a refusal: good enough to shorten by, not to refuse by. A local model is loaded with a larger one any time. */
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

/** What knows models. */
export type WindowKnowledge = Pick<ModelService, 'capabilitiesOf'>;

interface Learnt {
  /** The last number the server named. */
  readonly stated: number | null;
  readonly tokens: number;
}

/** The windows of models: what the table knows, and what refusals lead to. */
export class ContextWindows {
  readonly #models: WindowKnowledge;
  /** In memory only: what is wrong, or true of one load of a model, must not last. */
  readonly #learnt = new Map<string, Learnt>();

  constructor(models: WindowKnowledge) {
    this.#models = models;
  }

  windowOf(connection: Connection, model: string): ContextWindow {
    const learnt = this.#learnt.get(nameOf(connection, model));
    if (learnt !== undefined) return { tokens: learnt.tokens, isGuess: true };
    return { tokens: this.#models.capabilitiesOf(connection, model).contextTokens, isGuess: false };
  }

  /** Learns from a refusal of what was too long. A number counts; without one the window is smaller than what was sent. */
  noteError(connection: Connection, model: string, { error, sentTokens }: FailedRequest): void {
    if (error.code !== 'request/context-too-long') return;
    const name = nameOf(connection, model);
    const named = error.details['contextTokens'];
    const former = this.windowOf(connection, model).tokens;
    const stated = this.#learnt.get(name)?.stated ?? null;
    if (typeof named === 'number' && named !== (stated ?? former)) {
      this.#learnt.set(name, { stated: named, tokens: named });
      return;
    }
    // A server that repeats its number after a request that should have fit counts tokens otherwise than we estimate them.
    const tokens = Math.floor(Math.min(sentTokens, former ?? Infinity) * GUESS_SHARE);
    this.#learnt.set(name, { stated: typeof named === 'number' ? named : stated, tokens });
  }
}

function nameOf({ id, baseUrl }: Connection, model: string): string {
  return JSON.stringify([id, baseUrl, model]);
}
