import { AppError } from '../../../contract/app-error.ts';
import type { NetworkEntry } from '../../../contract/model/network.ts';
import { outcomeOf, type NetworkLog, type RequestTrace } from '../../network/network-log.ts';
import type { Fetch } from '../../network/network-transport.ts';

/** What a guarded fetch allows. */
export interface FetchGuard {
  /** The only origin a request may go to. */
  readonly origin: string;
  /** What the request is for; decides the media type a successful answer must have. */
  readonly purpose: NetworkEntry['purpose'];
  /** The label of the key it carries, for the log. */
  readonly keyLabel: string | null;
  readonly log: NetworkLog;
  /** Aborted by whoever asked. The SDK's own signal says nothing: it aborts after a complete answer too. */
  readonly signal: AbortSignal;
  /** Called whenever bytes of a success arrive. */
  readonly onBytes?: () => void;
}

/** Longest single line of an answer: an event of the stream is one. The SDK would hold seven times that in memory. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** Longest answer in all. Far beyond any text a model writes. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

const EXPECTED_TYPE = {
  answer: 'text/event-stream',
  title: 'text/event-stream',
  summary: 'text/event-stream',
  'model-list': 'application/json',
  'sign-in': 'application/json',
} as const;

const LINE_FEED = 0x0a;

/**
 * Wraps the transport's fetch: one origin, no redirects followed, a success must be of the expected media type (the SDK takes an HTML
 * page with status 200 as an empty, successful answer), and no answer is longer than it can reasonably be.
 */
export function guardFetch(fetch: Fetch, guard: FetchGuard): Fetch {
  return async (input, init) => {
    assertOrigin(input, guard.origin);
    const { origin, purpose, keyLabel, log, signal, onBytes } = guard;
    const trace = log.begin({ origin, purpose, keyLabel, sentBytes: sizeOf(init?.body) });
    try {
      const response = await fetch(input, { ...init, redirect: 'manual' }, (proxy) => trace.routed(proxy));
      trace.responded(response.status);
      await assertAnswer(response, EXPECTED_TYPE[purpose]);
      return measured(response, followedBy(trace, response.ok ? onBytes : undefined), signal);
    } catch (error) {
      trace.ended(outcomeOf(error, signal));
      throw error;
    }
  };
}

function assertOrigin(input: string | URL | Request, origin: string): void {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.origin === origin) return;
  throw new AppError('network/forbidden-origin', 'A request to another origin was stopped.', {
    details: { origin },
  });
}

async function assertAnswer(response: Response, expectedType: string): Promise<void> {
  if (response.status >= 300 && response.status < 400) {
    await discard(response);
    throw new AppError(
      'provider/redirected',
      'The server answered with a redirect, which Latchkey never follows.',
      {
        details: { status: response.status },
      },
    );
  }
  if (!response.ok || hasType(response, expectedType)) return;
  await discard(response);
  throw new AppError(
    'provider/unexpected-response',
    'The server did not answer like an OpenAI-compatible API.',
    {
      // Nothing the server wrote, its media type included: it may repeat the key there.
      details: { status: response.status },
    },
  );
}

function followedBy(trace: RequestTrace, onBytes: (() => void) | undefined): RequestTrace {
  if (onBytes === undefined) return trace;
  return {
    ...trace,
    received(bytes) {
      onBytes();
      trace.received(bytes);
    },
  };
}

/** The same answer, counted and bounded on its way. */
function measured(response: Response, trace: RequestTrace, signal: AbortSignal): Response {
  if (response.body === null) {
    trace.ended('done');
    return response;
  }
  const { status, statusText, headers } = response;
  return new Response(countedBody(response.body, trace, signal), { status, statusText, headers });
}

function countedBody(
  body: ReadableStream<Uint8Array>,
  trace: RequestTrace,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let answerBytes = 0;
  let lineBytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          trace.ended('done');
          controller.close();
          return;
        }
        answerBytes += value.length;
        const lineEnd = value.lastIndexOf(LINE_FEED);
        lineBytes = lineEnd < 0 ? lineBytes + value.length : value.length - lineEnd - 1;
        trace.received(value.length);
        if (answerBytes > MAX_ANSWER_BYTES || lineBytes > MAX_LINE_BYTES) throw tooLarge();
        controller.enqueue(value);
      } catch (error) {
        // Once the SDK has what it wants it aborts the rest: that is a complete answer.
        trace.ended(isAbort(error) && !signal.aborted ? 'done' : outcomeOf(error, signal));
        controller.error(error);
        // The socket must not go on filling a buffer nobody reads. What is already broken may refuse.
        await reader.cancel().catch(() => undefined);
      }
    },
    async cancel(reason) {
      trace.ended(signal.aborted ? outcomeOf(reason, signal) : 'done');
      await reader.cancel(reason);
    },
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

function tooLarge(): AppError {
  return new AppError('provider/unexpected-response', 'The server sent more than any answer can be.', {
    details: { maxLineBytes: MAX_LINE_BYTES, maxAnswerBytes: MAX_ANSWER_BYTES },
  });
}

function sizeOf(body: RequestInit['body']): number {
  return typeof body === 'string' ? Buffer.byteLength(body, 'utf8') : 0;
}

function hasType(response: Response, expected: string): boolean {
  return (response.headers.get('content-type') ?? '').toLowerCase().split(';')[0]?.trim() === expected;
}

/** Closes the socket without reading what nobody will use. */
async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}
