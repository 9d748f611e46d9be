import OpenAI, { APIError } from 'openai';
import { AppError } from '../../../contract/app-error.ts';
import type { ChatProvider, CompletionRequest, ProviderEvent, ProviderTarget } from '../chat-provider.ts';
import type { NetworkLog } from '../../network/network-log.ts';
import type { Fetch } from '../../network/network-transport.ts';
import type { RequestPart } from '../../models/request-part.ts';
import { RefusedPartsError } from '../refused-parts.ts';
import { garbled } from './assert-event.ts';
import { buildChatRequest } from './build-chat-request.ts';
import { buildResponseRequest } from './build-response-request.ts';
import { findRefusedParts } from './find-refused-parts.ts';
import { guardFetch } from './guarded-fetch.ts';
import { mapOpenAIError } from './map-openai-error.ts';
import { streamChatCompletion } from './stream-chat-completion.ts';
import { streamImage } from './stream-image.ts';
import { streamResponse } from './stream-response.ts';

/** What is sent when nobody chose. */
const PLAIN_PARTS: ReadonlySet<RequestPart> = new Set(['usage-in-stream']);

/** A backstop: whoever asks has a shorter limit of their own, the chat service a watchdog. */
const HEADERS_TIMEOUT_MS = 300_000;

/** The OpenAI API and whatever speaks it, over the openai SDK and the transport's fetch. */
export function createOpenAIProvider(log: NetworkLog, fetch: Fetch): ChatProvider {
  return {
    stream(target, request, { signal, onBytes }) {
      return untilItsEnd({
        start: async () => {
          const client = createClient(
            target,
            guardFetch(fetch, {
              ...guardOf(target),
              purpose: request.purpose ?? 'answer',
              log,
              signal,
              onBytes,
            }),
          );
          const events = await streamIn(target, client, { request, signal });
          return events[Symbol.asyncIterator]();
        },
        signal,
        // What the SDK throws for an event that is no JSON is a syntax error.
        toError: (error) =>
          error instanceof SyntaxError ? garbled(error) : toAppError(error, target, request),
      });
    },

    async listModels(target, signal) {
      const client = createClient(
        target,
        guardFetch(fetch, { ...guardOf(target), purpose: 'model-list', log, signal }),
      );
      try {
        const page = await client.models.list({ signal });
        const ids = Array.isArray(page.data) ? page.data.map((model) => model.id) : [];
        return ids.filter((id) => typeof id === 'string' && id.length <= 200).toSorted();
      } catch (error) {
        signal.throwIfAborted();
        throw mapOpenAIError(error);
      }
    },
  };
}

/** A stream that is about to begin. */
interface BeginningStream {
  /** Makes the request; called with the first event that is asked for. */
  readonly start: () => Promise<AsyncIterator<ProviderEvent>>;
  readonly signal: AbortSignal;
  readonly toError: (error: unknown) => Error;
}

/**
 * The same events, with an end that can be trusted: the SDK ends an aborted iteration without throwing and takes a truncated stream
 * for a success. By hand, since a generator around another costs three promises for every event.
 */
function untilItsEnd({ start, signal, toError }: BeginningStream): AsyncIterable<ProviderEvent> {
  let events: AsyncIterator<ProviderEvent> | null = null;
  let hasEnded = false;
  const take = (result: IteratorResult<ProviderEvent>): IteratorResult<ProviderEvent> => {
    if (result.done !== true) {
      hasEnded ||= result.value.type === 'finished' || result.value.type === 'cut';
      return result;
    }
    signal.throwIfAborted();
    if (!hasEnded) throw new AppError('network/interrupted', 'The answer broke off before its end.');
    return result;
  };
  const fail = (error: unknown): never => {
    signal.throwIfAborted();
    throw toError(error);
  };
  const begin = async (): Promise<IteratorResult<ProviderEvent>> => {
    events = await start();
    return events.next();
  };
  const iterator: AsyncIterator<ProviderEvent> = {
    next: () => (events === null ? begin() : events.next()).then(take, fail),
    async return() {
      await events?.return?.();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** Removes every variable the SDK would read by itself: a hostile `OPENAI_BASE_URL` would send the key anywhere. */
export function dropOpenAIEnvironment(environment: Record<string, string | undefined> = process.env): void {
  for (const name of Object.keys(environment)) if (/^OPENAI_/i.test(name)) delete environment[name];
}

function guardOf({ origin, keyLabel }: ProviderTarget) {
  return { origin, keyLabel };
}

function createClient(target: ProviderTarget, fetch: Fetch): OpenAI {
  // `OPENAI_CUSTOM_HEADERS` cannot be overridden by an option, only by its absence.
  dropOpenAIEnvironment();
  return new OpenAI({
    apiKey: target.apiKey ?? 'no-key',
    adminAPIKey: null,
    organization: target.organization,
    project: target.project,
    webhookSecret: null,
    baseURL: target.baseUrl,
    timeout: HEADERS_TIMEOUT_MS,
    maxRetries: 0,
    logLevel: 'off',
    // A null header is removed: a keyless server gets no Authorization at all. No fingerprint of this machine either.
    defaultHeaders: {
      'User-Agent': 'Latchkey',
      'X-Stainless-Arch': null,
      'X-Stainless-Lang': null,
      'X-Stainless-OS': null,
      'X-Stainless-Package-Version': null,
      'X-Stainless-Retry-Count': null,
      'X-Stainless-Runtime': null,
      'X-Stainless-Runtime-Version': null,
      'X-Stainless-Timeout': null,
      ...keyHeaders(target),
    },
    defaultQuery: {},
    dangerouslyAllowBrowser: false,
    fetch,
  });
}

/** The SDK writes `Authorization: Bearer` by itself; a null takes it away again. */
function keyHeaders({ apiKey, keyHeader }: ProviderTarget): Record<string, string | null> {
  if (apiKey === null) return { Authorization: null };
  return keyHeader === 'api-key' ? { Authorization: null, 'api-key': apiKey } : {};
}

/** What a request failed with; where a server named parts that it does not take, those. */
function toAppError(error: unknown, { dialect }: ProviderTarget, request: CompletionRequest): AppError {
  const sent = { dialect, parts: partsOf(request), generation: request.generation };
  const refused = error instanceof APIError ? findRefusedParts(error, sent) : [];
  return refused.length === 0 ? mapOpenAIError(error) : new RefusedPartsError(refused, error);
}

function partsOf({ parts }: CompletionRequest): ReadonlySet<RequestPart> {
  return parts ?? PLAIN_PARTS;
}

/** Writes the request, then hands over the stream of its answer: a generator around it would cost its share of every event. */
async function streamIn(
  target: ProviderTarget,
  client: OpenAI,
  { request, signal }: { readonly request: CompletionRequest; readonly signal: AbortSignal },
): Promise<AsyncIterable<ProviderEvent>> {
  if (request.answer === 'picture') return streamImage(client, request, signal);
  const parts = partsOf(request);
  switch (target.dialect) {
    case 'responses':
      return streamResponse(client, await buildResponseRequest(request, parts), signal);
    case 'chat-completions':
      return streamChatCompletion(client, await buildChatRequest(request, parts), signal);
  }
}
