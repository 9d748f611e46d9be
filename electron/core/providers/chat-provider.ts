import type { AppError } from '../../contract/app-error.ts';
import type { Dialect } from '../../contract/model/connection.ts';
import type { AttachmentKind } from '../../contract/model/attachment.ts';
import type { Citation, Usage } from '../../contract/model/conversation.ts';
import type { Generation } from '../../contract/model/generation.ts';
import type { Purpose } from '../../contract/model/ledger.ts';
import type { RequestPart } from '../models/request-part.ts';

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

/** A file that goes along with a turn; its bytes are read when the request is made. */
export interface ProviderFile {
  readonly kind: AttachmentKind;
  readonly name: string;
  readonly mediaType: string;
  readonly byteCount: number;
  /** In pixels; null unless it is a picture. */
  readonly width: number | null;
  readonly height: number | null;
  /** Rejects with `attachment/missing` or `attachment/damaged` when the bytes are no longer there or no longer the same. */
  read(): Promise<Uint8Array>;
}

/** One turn of the context. */
export interface ProviderTurn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  /** None unless told. */
  readonly files?: readonly ProviderFile[];
}

/** A request for one streamed answer. */
export interface CompletionRequest {
  readonly model: string;
  readonly turns: readonly ProviderTurn[];
  readonly generation: Generation;
  /** What of it is sent that not every model takes; unless told, nothing but the wish for token counts. */
  readonly parts?: ReadonlySet<RequestPart>;
  /** `picture`: the model makes pictures and nothing else, at an endpoint of its own. `text` unless told. */
  readonly answer?: 'text' | 'picture';
  /** What it is asked for; an answer unless told. */
  readonly purpose?: Purpose;
}

/**
 * What a stream yields: text and other signs that the model works, then exactly one `finished`: the answer is whole; or one
 * `cut`: the provider ended it before its time. Token counts may follow either. An end without one is a broken stream and
 * throws `network/interrupted`.
 */
export type ProviderEvent =
  | { readonly type: 'delta'; readonly text: string }
  /** A piece of the summary of what the model thinks. */
  | { readonly type: 'reasoning'; readonly text: string }
  /** Further sources; their places count from the beginning of this answer's text. */
  | { readonly type: 'citations'; readonly citations: readonly Citation[] }
  /** The model has begun a picture; whoever stops it now pays for it. */
  | { readonly type: 'image-begun' }
  /** A picture the model has made, whole. */
  | { readonly type: 'image'; readonly mediaType: string; readonly bytes: Uint8Array }
  /** The answer moved on without text, e.g. the model thinks. A mere "still here" is none. */
  | { readonly type: 'progress' }
  | { readonly type: 'finished'; readonly usage: Usage | null }
  | { readonly type: 'cut'; readonly error: AppError; readonly usage: Usage | null }
  | { readonly type: 'usage'; readonly usage: Usage };

/** Who looks after a stream. */
export interface StreamWatch {
  readonly signal: AbortSignal;
  /** Called whenever bytes of a successful answer arrive, whatever they say. From the first on the answer may be billed. */
  readonly onBytes: () => void;
}

/** Talks to one model API. All errors are `AppError`s; an abort ends the iteration by throwing the signal's reason. */
export interface ChatProvider {
  stream(
    target: ProviderTarget,
    request: CompletionRequest,
    watch: StreamWatch,
  ): AsyncIterable<ProviderEvent>;
  /** Model ids, sorted. */
  listModels(target: ProviderTarget, signal: AbortSignal): Promise<readonly string[]>;
}
