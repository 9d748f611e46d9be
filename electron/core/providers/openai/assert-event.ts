import { AppError } from '../../../contract/app-error.ts';

/** Throws `provider/garbled` unless a piece of a stream is an object: the SDK passes on whatever JSON a server sends. */
export function assertEvent(received: unknown): void {
  if (typeof received !== 'object' || received === null || Array.isArray(received)) throw garbled(received);
}

/** A stream that cannot be read any further. */
export function garbled(cause: unknown): AppError {
  return new AppError('provider/garbled', 'The server sent an event that makes no sense.', { cause });
}
