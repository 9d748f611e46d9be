import { AppError } from '../../../contract/app-error.ts';

/** The shape of `fetch` that the SDK calls. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What a guarded fetch allows. */
export interface FetchGuard {
  /** The only origin a request may go to. */
  readonly origin: string;
  /** Media type a successful answer must have; anything else is not the API. */
  readonly expectedType: 'application/json' | 'text/event-stream';
}

/**
 * Wraps Node's fetch: one origin, no redirects followed, and a success must be of the expected media type
 * (the SDK takes an HTML page with status 200 as an empty, successful answer).
 */
export function guardFetch(fetch: Fetch, guard: FetchGuard): Fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== guard.origin) {
      throw new AppError('network/forbidden-origin', 'A request to another origin was stopped.', {
        details: { origin: guard.origin },
      });
    }
    const response = await fetch(input, { ...init, redirect: 'manual' });
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
    if (response.ok && !hasType(response, guard.expectedType)) {
      await discard(response);
      throw new AppError(
        'provider/unexpected-response',
        'The server did not answer like an OpenAI-compatible API.',
        {
          details: { contentType: (response.headers.get('content-type') ?? '').slice(0, 80) },
        },
      );
    }
    return response;
  };
}

function hasType(response: Response, expected: string): boolean {
  return (response.headers.get('content-type') ?? '').toLowerCase().split(';')[0]?.trim() === expected;
}

/** Closes the socket without reading what nobody will use. */
async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}
