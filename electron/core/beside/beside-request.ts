import { AppError } from '../../contract/app-error.ts';
import type { Generation } from '../../contract/model/generation.ts';
import type { Purpose } from '../../contract/model/ledger.ts';
import type { ConnectionService, ResolvedTarget } from '../connections/connection-service.ts';
import { runAttempt } from '../chat/attempt.ts';
import type { ReplyTiming } from '../chat/reply-timing.ts';
import { NO_PICTURES } from '../ledger/close-entry.ts';
import type { LedgerService, Reservation } from '../ledger/ledger-service.ts';
import type { ModelLearner, ModelService } from '../models/model-service.ts';
import type { ChatProvider, CompletionRequest, ProviderTurn } from '../providers/chat-provider.ts';
import { RefusedPartsError } from '../providers/refused-parts.ts';

/** What a request beside the conversation needs. */
export interface BesideDependencies {
  readonly provider: ChatProvider;
  readonly connections: Pick<ConnectionService, 'recordKeyUse'>;
  readonly ledger: LedgerService;
  readonly models: Pick<ModelService, 'learnerFor'>;
  readonly timing: ReplyTiming;
}

/** A request for something that is no answer. */
export interface BesideTask {
  readonly purpose: Exclude<Purpose, 'answer'>;
  readonly resolved: ResolvedTarget;
  readonly model: string;
  readonly generation: Generation;
  readonly turns: readonly ProviderTurn[];
  readonly conversationId: string;
  readonly messageId: string;
  readonly isOverBudgetAllowed: boolean;
  readonly isCostAccepted: boolean;
}

/** What becomes of the text while it arrives. */
export interface BesideWatch {
  readonly signal: AbortSignal;
  /** Longer than this it is cut off, in UTF-16 units. */
  readonly maxLength: number;
  readonly onText?: (text: string) => void;
}

/** How it ended. */
export type BesideEnd =
  | { readonly kind: 'finished'; readonly text: string }
  /** `signal` was aborted. */
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly error: AppError };

/**
 * Requests that a conversation needs besides its answers. They pass the same gate, go to the same provider with the same key, are
 * written down like answers, and are never made twice.
 */
export class BesideRequests {
  readonly #dependencies: BesideDependencies;

  constructor(dependencies: BesideDependencies) {
    this.#dependencies = dependencies;
  }

  /** Asks the ledger. Throws `budget/*`, `storage/*`, and `request/invalid` for a model that makes pictures and nothing else. */
  async reserve(task: BesideTask): Promise<Reservation> {
    const { resolved, ...planned } = task;
    if (this.#prepare(task).request.answer === 'picture')
      throw new AppError('request/invalid', 'This model writes no text.');
    const { connection, keyId } = resolved;
    return this.#dependencies.ledger.reserve({ ...planned, connection, keyId, textBefore: 0 });
  }

  /** Makes the request. Never rejects. */
  async run(task: BesideTask, reservation: Reservation, watch: BesideWatch): Promise<BesideEnd> {
    const { provider, timing, ledger } = this.#dependencies;
    const { resolved } = task;
    const { learner, request } = this.#prepare(task);
    const overlong = new AbortController();
    let text = '';
    const end = await runAttempt({
      provider,
      target: resolved.target,
      request,
      timing,
      signal: AbortSignal.any([watch.signal, overlong.signal]),
      onContent: (content) => {
        if (content.type !== 'delta') return;
        const taken = content.text.slice(0, watch.maxLength - text.length);
        text += taken;
        if (taken !== '') watch.onText?.(taken);
        if (taken.length < content.text.length) overlong.abort();
      },
    });
    if (end.kind === 'finished') learner.noteAnswered(request);
    else if (end.error instanceof RefusedPartsError) learner.noteRefused(end.error.refused);
    const isAborted = watch.signal.aborted;
    const isCut = overlong.signal.aborted;
    const error = end.kind === 'finished' || isAborted || isCut ? null : toAppError(end.error);
    await ledger.settle(reservation, {
      usage: end.usage,
      error,
      receivedText: text,
      pictures: NO_PICTURES,
    });
    this.#noteKey(resolved, isAborted ? 'nothing' : error);
    if (error !== null) return { kind: 'failed', error };
    return isAborted && end.kind !== 'finished' ? { kind: 'aborted' } : { kind: 'finished', text };
  }

  #prepare({ purpose, resolved, model, generation, turns }: BesideTask): PreparedRequest {
    const learner = this.#dependencies.models.learnerFor(resolved.connection, model);
    return { learner, request: learner.prepare({ purpose, model, generation, turns }) };
  }

  #noteKey({ keyId, keyEnteredAt }: ResolvedTarget, error: AppError | null | 'nothing'): void {
    if (keyId === null) return;
    const isRejected = error !== 'nothing' && error?.code === 'auth/rejected-key';
    const outcome = isRejected ? 'rejected' : error === null ? 'accepted' : null;
    this.#dependencies.connections.recordKeyUse(keyId, {
      kind: 'request',
      outcome,
      enteredAt: keyEnteredAt,
    });
  }
}

interface PreparedRequest {
  readonly learner: ModelLearner;
  readonly request: CompletionRequest;
}

function toAppError(error: unknown): AppError {
  return error instanceof AppError
    ? error
    : new AppError('internal', 'Something went wrong inside Latchkey.', { cause: error });
}
