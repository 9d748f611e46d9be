import type { Dialect } from '../../contract/model/connection.ts';
import type { Usage } from '../../contract/model/conversation.ts';

/** Where a request goes and with what. Lives only as long as the request; never logged, never kept. */
export interface ProviderTarget {
  readonly baseUrl: string;
  /** The only origin the request may reach. */
  readonly origin: string;
  readonly dialect: Dialect;
  /** null for keyless loopback servers. */
  readonly apiKey: string | null;
  /** `Authorization: Bearer`, or the header of the same name that Azure takes. */
  readonly keyHeader: 'bearer' | 'api-key';
  /** Sent as `OpenAI-Organization` and `OpenAI-Project` where set. */
  readonly organization: string | null;
  readonly project: string | null;
  /** For the network log; null when no key is sent. */
  readonly keyLabel: string | null;
}

/** One turn of the context. */
export interface ProviderTurn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** A request for one streamed answer. */
export interface CompletionRequest {
  readonly model: string;
  readonly turns: readonly ProviderTurn[];
}

/**
 * What a stream yields: text, then exactly one `finished`. An end without `finished` is a broken stream and throws `network/interrupted`.
 * `usage` comes before an end that throws although the provider counted what it produced.
 */
export type ProviderEvent =
  | { readonly type: 'delta'; readonly text: string }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'finished'; readonly usage: Usage | null };

/** Talks to one model API. All errors are `AppError`s; an abort ends the iteration by throwing the signal's reason. */
export interface ChatProvider {
  stream(
    target: ProviderTarget,
    request: CompletionRequest,
    signal: AbortSignal,
  ): AsyncIterable<ProviderEvent>;
  /** Model ids, sorted. */
  listModels(target: ProviderTarget, signal: AbortSignal): Promise<readonly string[]>;
}
