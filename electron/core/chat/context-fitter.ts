import { AppError } from '../../contract/app-error.ts';
import type { Connection } from '../../contract/model/connection.ts';
import type { ConversationDetail, Message } from '../../contract/model/conversation.ts';
import { noteTextTokens } from '../ledger/estimate-tokens.ts';
import type { ProviderTurn } from '../providers/chat-provider.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import type { ContextWindows } from './context-windows.ts';
import { CountedMessages } from './counted-messages.ts';
import {
  fitContext,
  MAX_REQUEST_BYTES,
  reservedOutputFor,
  withSummary,
  type FitRequest,
  type FitResult,
} from './fit-context.ts';
import { toTurns, type FileReader } from './to-turns.ts';

/** What a request could be made of. */
export interface ContextRequest {
  readonly connection: Connection;
  readonly model: string;
  /** From the first message to the last one that is sent. */
  readonly path: readonly Message[];
  /** Sent after them, and never stored. */
  readonly extraTurns: readonly ProviderTurn[];
  /** How many messages at the end, besides `extraTurns`, are never left out. */
  readonly requiredCount: number;
  readonly settings: Pick<ConversationDetail, 'generation' | 'summary'>;
  /** Whether the person has said yes to leaving out the oldest messages. */
  readonly isOmissionAccepted: boolean;
}

/** What is sent. */
export interface FittedContext {
  readonly turns: readonly ProviderTurn[];
  /** How many messages at the beginning of the path were left out, those a summary stands for included; 0 when only those were. */
  readonly omittedCount: number;
}

/** Decides what of a conversation is sent to a model. */
export class ContextFitter {
  readonly #windows: ContextWindows;
  readonly #settings: SettingsService;
  readonly #read: FileReader;
  readonly #counted = new CountedMessages();

  constructor(windows: ContextWindows, settings: SettingsService, read: FileReader) {
    this.#windows = windows;
    this.#settings = settings;
    this.#read = read;
  }

  /**
   * Throws `request/context-too-long`: nothing can be left out, or the person wants to be asked. Throws `request/too-large`: the
   * files that have to stay are too many bytes.
   */
  fit(request: ContextRequest): FittedContext {
    const sendable = this.#sendableOf(request);
    const result = this.#fit(request, sendable);
    if (result.kind === 'fits') return { turns: result.turns, omittedCount: rowsBefore(sendable, result) };
    throw result.kind === 'too-large'
      ? tooLarge(result.bytes)
      : tooLong(result, result.kind === 'ask' ? rowsBefore(sendable, result) : 0);
  }

  /** The same without a word: what would be sent, or all of it where nothing fits. */
  preview(request: ContextRequest): FittedContext & { readonly isTooLong: boolean } {
    const sendable = this.#sendableOf(request);
    const result = this.#fit(request, sendable);
    const turns = result.kind === 'fits' ? result.turns : sendable.all;
    const isTooLong = result.kind === 'too-long' || result.kind === 'too-large';
    const omittedCount = isTooLong ? 0 : rowsBefore(sendable, result);
    return { turns, omittedCount, isTooLong };
  }

  #fit(request: ContextRequest, { turns, summary }: Sendable): FitResult {
    const { connection, model, extraTurns, requiredCount, settings, isOmissionAccepted } = request;
    const { tokens, isGuess } = this.#windows.windowOf(connection, model);
    const fitRequest: FitRequest = {
      turns: [...turns.map(({ turn }) => turn), ...extraTurns],
      requiredCount: requiredCount + extraTurns.length,
      systemPrompt: settings.generation.systemPrompt,
      summary,
      windowTokens: tokens,
      reservedOutputTokens: reservedOutputFor(tokens),
      maxBytes: MAX_REQUEST_BYTES,
      policy: isOmissionAccepted ? 'drop-oldest' : this.#settings.get().contextPolicy,
    };
    const result = fitContext(fitRequest);
    // A guess may be wrong: what has to stay is worth a try.
    return result.kind === 'too-long' && isGuess ? onlyRequired(fitRequest) : result;
  }

  /** The messages that have something to say, after those that a summary on this path stands for. */
  #sendableOf({ path, extraTurns, settings: { summary } }: ContextRequest): Sendable {
    const summarisedTo = summary === null ? -1 : path.findIndex(({ id }) => id === summary.upToMessageId);
    const text = summarisedTo >= 0 ? (summary?.text ?? null) : null;
    const turns = path.flatMap((message, row) => (row > summarisedTo ? this.#turnsOf(message, row) : []));
    const all = withSummary(text, [...turns.map(({ turn }) => turn), ...extraTurns]);
    return { turns, rowCount: path.length, summary: text, all };
  }

  #turnsOf(message: Message, row: number): readonly SendableTurn[] {
    return toTurns([message], this.#read).map((turn) => {
      noteTextTokens(turn, this.#counted.tokensOf(message));
      return { turn, row };
    });
  }
}

/** `omittedCount`: how many messages less it would have to be; 0 when nothing helps. */
function tooLong(
  { inputTokens, limitTokens, ...more }: Extract<FitResult, { readonly kind: 'ask' | 'too-long' }>,
  omittedCount: number,
): AppError {
  const isTooManyBytes = more.kind === 'ask' && more.bytes > MAX_REQUEST_BYTES;
  return new AppError('request/context-too-long', 'The conversation is too long for this model.', {
    details: {
      inputTokens,
      limitTokens,
      ...(isTooManyBytes ? { bytes: more.bytes, maxBytes: MAX_REQUEST_BYTES } : {}),
      omittedCount,
      isUnsent: true,
    },
  });
}

function tooLarge(bytes: number): AppError {
  return new AppError('request/too-large', 'The files are too large together.', {
    details: { bytes, maxBytes: MAX_REQUEST_BYTES, isWholeRequest: true },
  });
}

interface SendableTurn {
  readonly turn: ProviderTurn;
  /** Its place on the path. */
  readonly row: number;
}

interface Sendable {
  readonly turns: readonly SendableTurn[];
  /** How many messages the path has, those included that say nothing. */
  readonly rowCount: number;
  readonly summary: string | null;
  /** Everything that could be sent. */
  readonly all: readonly ProviderTurn[];
}

function rowsBefore(
  { turns, rowCount }: Sendable,
  { omittedCount }: { readonly omittedCount: number },
): number {
  return omittedCount === 0 ? 0 : (turns[omittedCount]?.row ?? rowCount);
}

function onlyRequired({ turns, requiredCount, summary }: FitRequest): FitResult {
  const omittedCount = Math.max(0, turns.length - requiredCount);
  return {
    kind: 'fits',
    turns: withSummary(summary, turns.slice(omittedCount)),
    omittedCount,
    inputTokens: 0,
  };
}
