import { AppError, type ErrorCode } from '../../../contract/app-error.ts';
import { readContextLimit } from './read-context-limit.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  rate_limit_exceeded: 'quota/rate-limited',
  insufficient_quota: 'quota/insufficient',
  context_length_exceeded: 'request/context-too-long',
  invalid_api_key: 'auth/rejected-key',
  invalid_prompt: 'request/invalid',
  server_error: 'provider/server-error',
};

/**
 * Maps the code of an error inside a stream. The provider's text is not passed on: it is untrusted and may echo the key. Only the
 * size of a window that was too small is read from it.
 */
export function mapResponseFailure(code: string | null | undefined, message?: unknown): AppError {
  const known = code === null || code === undefined ? undefined : CODES[code];
  const contextTokens = known === 'request/context-too-long' ? readContextLimit(message) : null;
  const details = contextTokens === null ? {} : { contextTokens };
  return new AppError(known ?? 'provider/failed', 'The provider gave up on this answer.', { details });
}
