import { AppError, type ErrorCode, type WireError } from '../../contract/app-error.ts';
import type { TerminalState, Usage } from '../../contract/model/conversation.ts';

/** How a reply ended. docs/chat-outcomes.md lists what leads where. */
export interface ReplyOutcome {
  readonly state: TerminalState;
  readonly error: WireError | null;
  readonly usage: Usage | null;
}

/** Why a reply was aborted; anything else that ends a stream is an error. */
export type AbortReason = 'cancelled' | 'quit';

/** An answer that came to its own end. */
export function doneOutcome(usage: Usage | null): ReplyOutcome {
  return { state: 'done', error: null, usage };
}

/** Nothing to continue, or a verdict of the provider. What has arrived is kept all the same. */
export function failedOutcome(error: AppError): ReplyOutcome {
  return { state: 'failed', error: error.toWire(), usage: null };
}

/**
 * What an early end is. `interrupted` means that something of the answer is there, text or a picture, and was not all: the person quit, the connection broke, the
 * stream made no sense, or the model reached its limit. Everything else has `failed`.
 */
export function outcomeOfEarlyEnd(reason: AbortReason | AppError, hasContent: boolean): ReplyOutcome {
  if (reason === 'cancelled') return { state: 'cancelled', error: null, usage: null };
  if (reason === 'quit') return { state: 'interrupted', error: null, usage: null };
  if (!hasContent || !isBreak(reason.code)) return failedOutcome(reason);
  return { state: 'interrupted', error: reason.toWire(), usage: null };
}

const BREAKS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'provider/incomplete',
  'provider/garbled',
  // Here: a line or an answer longer than any can be.
  'provider/unexpected-response',
]);

function isBreak(code: ErrorCode): boolean {
  return code.startsWith('network/') || BREAKS.has(code);
}
