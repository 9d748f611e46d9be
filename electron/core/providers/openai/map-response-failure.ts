import { AppError, type ErrorCode } from '../../../contract/app-error.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  rate_limit_exceeded: 'quota/rate-limited',
  insufficient_quota: 'quota/insufficient',
  context_length_exceeded: 'request/context-too-long',
  invalid_api_key: 'auth/rejected-key',
  invalid_prompt: 'request/invalid',
  server_error: 'provider/server-error',
};

/** Maps the code of an error inside a stream. The provider's text is not passed on: it is untrusted and may echo the key. */
export function mapResponseFailure(code: string | null | undefined): AppError {
  const known = code === null || code === undefined ? undefined : CODES[code];
  return new AppError(known ?? 'provider/failed', 'The provider gave up on this answer.');
}
