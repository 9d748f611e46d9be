import { AppError } from '../../contract/app-error.ts';
import type { Connection } from '../../contract/model/connection.ts';
import type { ConversationDetail, Message } from '../../contract/model/conversation.ts';
import type { ProviderTurn } from '../providers/chat-provider.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import type { ContextWindows } from './context-windows.ts';
import {
  fitContext,
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

  constructor(windows: ContextWindows, settings: SettingsService, read: FileReader) {
    this.#windows = windows;
    this.#settings = settings;
    this.#read = read;
  }

  /** Throws `request/context-too-long`: nothing can be left out, or the person wants to be asked. */
  fit(request: ContextRequest): FittedContext {
    const sendable = sendableOf(request, this.#read);
    const result = this.#fit(request, sendable);
    if (result.kind === 'fits') return { turns: result.turns, omittedCount: rowsBefore(sendable, result) };
    throw new AppError('request/context-too-long', 'The conversation is too long for this model.', {
      details: {
        inputTokens: result.inputTokens,
        limitTokens: result.limitTokens,
        // What the person can do about it.
        omittedCount: result.kind === 'ask' ? rowsBefore(sendable, result) : 0,
        isUnsent: true,
      },
    });
  }

  /** The same without a word: what would be sent, or all of it where nothing fits. */
  preview(request: ContextRequest): FittedContext & { readonly isTooLong: boolean } {
    const sendable = sendableOf(request, this.#read);
    const result = this.#fit(request, sendable);
    const turns = result.kind === 'fits' ? result.turns : sendable.all;
    const omittedCount = result.kind === 'too-long' ? 0 : rowsBefore(sendable, result);
    return { turns, omittedCount, isTooLong: result.kind === 'too-long' };
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
      policy: isOmissionAccepted ? 'drop-oldest' : this.#settings.get().contextPolicy,
    };
    const result = fitContext(fitRequest);
    // A guess may be wrong: what has to stay is worth a try.
    return result.kind === 'too-long' && isGuess ? onlyRequired(fitRequest) : result;
  }
}

interface SendableTurn {
  readonly turn: ProviderTurn;
  /** Its place on the path. */
  readonly row: number;
}

interface Sendable {
  readonly turns: readonly SendableTurn[];
  readonly summary: string | null;
  /** Everything that could be sent. */
  readonly all: readonly ProviderTurn[];
}

/** The messages that have something to say, after those that a summary on this path stands for. */
function sendableOf({ path, extraTurns, settings: { summary } }: ContextRequest, read: FileReader): Sendable {
  const summarisedTo = summary === null ? -1 : path.findIndex(({ id }) => id === summary.upToMessageId);
  const text = summarisedTo >= 0 ? (summary?.text ?? null) : null;
  const turns = path.flatMap((message, row) =>
    row > summarisedTo ? toTurns([message], read).map((turn) => ({ turn, row })) : [],
  );
  const all = withSummary(text, [...turns.map(({ turn }) => turn), ...extraTurns]);
  return { turns, summary: text, all };
}

function rowsBefore({ turns }: Sendable, { omittedCount }: { readonly omittedCount: number }): number {
  return omittedCount === 0 ? 0 : (turns[omittedCount]?.row ?? 0);
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
