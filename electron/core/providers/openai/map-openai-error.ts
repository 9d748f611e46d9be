import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { AppError, type ErrorCode, type ErrorDetails } from '../../../contract/app-error.ts';
import { mapResponseFailure } from './map-response-failure.ts';
import { readContextLimit } from './read-context-limit.ts';

/**
 * Turns whatever the SDK or the socket threw into an `AppError`. Provider texts are untrusted and may echo a piece of the
 * key: they stay in `cause` and never become the message.
 */
export function mapOpenAIError(error: unknown): AppError {
  const known = findInCauses(error, (candidate) => candidate instanceof AppError);
  if (known instanceof AppError) return known;
  if (findInCauses(error, isTooLongString) !== undefined) return tooManyBytes({}, error);
  if (error instanceof APIConnectionTimeoutError) return named('network/timeout', error);
  if (error instanceof APIConnectionError) return named(codeOfSocketError(error), error);
  if (error instanceof APIError) return fromApiError(error);
  if (error instanceof SyntaxError) return named('provider/unexpected-response', error);
  return named(codeOfSocketError(error), error);
}

function fromApiError(error: APIError): AppError {
  const status: number | undefined = error.status;
  // Without a status it is an `error` event inside a stream.
  if (status === undefined) return mapResponseFailure(error.code, error.message);
  const retryAfterS = readRetryAfter(error.headers);
  const code = codeOfStatus(status, error);
  if (code === 'request/too-large') return tooManyBytes({ status }, error);
  const contextTokens = code === 'request/context-too-long' ? readContextLimit(error.message) : null;
  return new AppError(code, MESSAGES[code] ?? FALLBACK, {
    details: {
      status,
      ...(retryAfterS === null ? {} : { retryAfterS }),
      ...(contextTokens === null ? {} : { contextTokens }),
    },
    cause: error,
  });
}

function codeOfStatus(status: number, error: APIError): ErrorCode {
  switch (status) {
    case 401:
      return 'auth/rejected-key';
    case 402:
      return 'quota/insufficient';
    case 403:
      return 'auth/forbidden';
    case 404:
      return isAboutModel(error) ? 'request/unknown-model' : 'provider/unexpected-response';
    case 408:
      return 'network/timeout';
    case 413:
      // About bytes, as a proxy or a web server counts them, unless the server itself says that it means tokens.
      return isAboutContext(error) ? 'request/context-too-long' : 'request/too-large';
    case 429:
      return error.code === 'insufficient_quota' ? 'quota/insufficient' : 'quota/rate-limited';
  }
  if (status >= 500) return 'provider/server-error';
  if (isAboutContext(error)) return 'request/context-too-long';
  return isAboutModel(error) ? 'request/unknown-model' : 'request/invalid';
}

function isAboutContext({ code, message }: APIError): boolean {
  return code === 'context_length_exceeded' || readContextLimit(message) !== null;
}

function isAboutModel(error: APIError): boolean {
  return (
    error.code === 'model_not_found' ||
    error.param === 'model' ||
    /\bmodel\b.*\b(?:exist|found)/i.test(error.message)
  );
}

/** What V8 and Node throw for a string that would be longer than they can make. */
function isTooLongString(candidate: unknown): boolean {
  if (!(candidate instanceof Error)) return false;
  if (candidate instanceof RangeError)
    return /\b(?:invalid \w+ length|allocation failed)\b/i.test(candidate.message);
  return 'code' in candidate && candidate.code === 'ERR_STRING_TOO_LONG';
}

function tooManyBytes(details: ErrorDetails, cause: unknown): AppError {
  return new AppError('request/too-large', 'The request is too many bytes.', {
    details: { ...details, isWholeRequest: true },
    cause,
  });
}

/** Node's error codes, see https://nodejs.org/api/errors.html#common-system-errors and undici's UND_ERR_*. */
function codeOfSocketError(error: unknown): ErrorCode {
  const unparsed = findInCauses(error, isParserError);
  if (unparsed !== undefined) return codeOfParserError(unparsed);
  const withCode = findInCauses(
    error,
    (candidate) =>
      typeof candidate === 'object' &&
      candidate !== null &&
      'code' in candidate &&
      typeof candidate.code === 'string',
  );
  const code = (withCode as { code?: string } | undefined)?.code ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'network/dns';
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/.test(code)) return 'network/tls';
  if (code === 'ETIMEDOUT' || /^UND_ERR_\w+_TIMEOUT$/.test(code)) return 'network/timeout';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET' || code === 'EPIPE') return 'network/interrupted';
  return 'network/unreachable';
}

/** undici's error for bytes that are no HTTP; its own code is not always there. */
function isParserError(candidate: unknown): boolean {
  return candidate instanceof Error && candidate.name === 'HTTPParserError';
}

/** An end in the middle of a chunk is reported as a breach of the protocol. */
function codeOfParserError(error: unknown): ErrorCode {
  return /\bEOF\b/.test((error as Error).message) ? 'network/interrupted' : 'provider/unexpected-response';
}

function findInCauses(error: unknown, matches: (candidate: unknown) => boolean): unknown {
  let candidate: unknown = error;
  for (let depth = 0; depth < 8 && candidate !== undefined && candidate !== null; depth += 1) {
    if (matches(candidate)) return candidate;
    candidate = candidate instanceof Error ? candidate.cause : undefined;
  }
  return undefined;
}

/** Some servers say it more precisely in a header of their own; in doubt the longer wait is the polite one. */
function readRetryAfter(headers: Headers | undefined): number | null {
  const seconds = parseRetryAfter(headers?.get('retry-after') ?? null);
  const milliseconds = headers?.get('retry-after-ms')?.trim() ?? '';
  if (!/^\d{1,12}$/.test(milliseconds)) return seconds;
  return Math.max(seconds ?? 0, Number(milliseconds) / 1_000);
}

/** Seconds, from either form of the header (RFC 9110, 10.2.3); null when absent or nonsense. */
export function parseRetryAfter(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

function named(code: ErrorCode, cause: unknown): AppError {
  return new AppError(code, MESSAGES[code] ?? FALLBACK, { cause });
}

const FALLBACK = 'The request failed.';

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  'auth/rejected-key': 'The provider rejected the key.',
  'auth/forbidden': 'The key may not do this.',
  'quota/rate-limited': 'Too many requests for now.',
  'quota/insufficient': 'The account has no credit left.',
  'request/unknown-model': 'The provider does not know this model.',
  'request/context-too-long': 'The conversation is too long for this model.',
  'request/invalid': 'The provider did not accept the request.',
  'provider/server-error': 'The provider has a problem.',
  'provider/unexpected-response': 'The server did not answer like an OpenAI-compatible API.',
  'network/unreachable': 'The server could not be reached.',
  'network/dns': 'The server name could not be found.',
  'network/tls': 'The secure connection could not be made.',
  'network/timeout': 'The server took too long.',
  'network/interrupted': 'The connection broke.',
};
