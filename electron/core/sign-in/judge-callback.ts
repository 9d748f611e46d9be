import { timingSafeEqual } from 'node:crypto';

/** What came back from the browser. */
export type CallbackAnswer =
  | { readonly kind: 'code'; readonly code: string }
  /** The provider sent the person back without a code. */
  | { readonly kind: 'denied' }
  | { readonly kind: 'failed' };

/** What to make of a request to the loopback port. */
export type CallbackVerdict =
  CallbackAnswer | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 | 405 | 414 };

/** The parts of a request that count. Headers by lower-case name, each with all its values. */
export interface CallbackRequest {
  readonly method: string;
  /** The request target as it stood in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

/** What only the right browser knows. */
export interface ExpectedCallback {
  /** `localhost:PORT`: anything else is a name that was made to point here (DNS rebinding). */
  readonly host: string;
  /** The random path, with its slash. It is what other flows call `state`. */
  readonly path: string;
}

/** Longest request target read, in characters. */
export const MAX_TARGET_LENGTH = 2048;

/** A code is opaque; OpenRouter's are UUIDs. */
const CODE = /^[\w.~+/=-]{8,512}$/;

/**
 * Tells the one navigation that is expected from everything else that can reach a loopback port: other programs, and web
 * pages that fetch, embed or post to it. A refusal ends nothing: the right browser may still come.
 */
export function judgeCallback(request: CallbackRequest, expected: ExpectedCallback): CallbackVerdict {
  if (request.target.length > MAX_TARGET_LENGTH) return refused(414);
  if (only(request.headers['host']) !== expected.host) return refused(403);
  if (request.method !== 'GET') return refused(405);
  const queryAt = request.target.indexOf('?');
  const path = queryAt < 0 ? request.target : request.target.slice(0, queryAt);
  if (!isSame(path, expected.path)) return refused(404);
  if (!isNavigation(request.headers)) return refused(403);
  return readQuery(new URLSearchParams(queryAt < 0 ? '' : request.target.slice(queryAt)));
}

/** Browsers name the origin of what a page fetches or posts, and since 2020-2023 say what a request is for. */
function isNavigation(headers: CallbackRequest['headers']): boolean {
  const isAbsentOr = (name: string, value: string): boolean =>
    headers[name] === undefined || only(headers[name]) === value;
  return (
    headers['origin'] === undefined &&
    isAbsentOr('sec-fetch-mode', 'navigate') &&
    isAbsentOr('sec-fetch-dest', 'document')
  );
}

function readQuery(query: URLSearchParams): CallbackVerdict {
  const codes = query.getAll('code');
  const errors = query.getAll('error');
  if (codes.length === 1 && errors.length === 0) {
    const code = codes[0] ?? '';
    return CODE.test(code) ? { kind: 'code', code } : refused(400);
  }
  if (codes.length > 0 || errors.length !== 1) return refused(400);
  return { kind: errors[0] === 'access_denied' ? 'denied' : 'failed' };
}

function only(values: readonly string[] | undefined): string | null {
  return values?.length === 1 ? (values[0] ?? null) : null;
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function refused(status: 400 | 403 | 404 | 405 | 414): CallbackVerdict {
  return { kind: 'refused', status };
}
