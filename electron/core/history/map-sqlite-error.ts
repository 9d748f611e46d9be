import { AppError, type ErrorCode } from '../../contract/app-error.ts';

/** Primary result codes, https://www.sqlite.org/rescode.html */
const CODES: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  5: ['storage/locked', 'Another program is using the history.'],
  6: ['storage/locked', 'Another program is using the history.'],
  8: ['storage/unwritable', 'The history cannot be written.'],
  10: ['storage/failed', 'The disk reported an error.'],
  11: ['storage/corrupt', 'The history database is damaged.'],
  13: ['storage/full', 'The disk is full.'],
  14: ['storage/unwritable', 'The history cannot be opened.'],
  23: ['storage/unwritable', 'The history cannot be opened.'],
  26: ['storage/corrupt', 'The file is not a history database.'],
};

/** File-system errors, for the folder around the database. */
const ERRNO_CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'storage/full',
  EACCES: 'storage/unwritable',
  EPERM: 'storage/unwritable',
  EROFS: 'storage/unwritable',
  ENOTDIR: 'storage/unwritable',
  ENOENT: 'storage/unwritable',
  EEXIST: 'storage/unwritable',
};

/** Turns what SQLite or the file system threw into an `AppError`; an `AppError` passes through. */
export function mapSqliteError(error: unknown, file: string): AppError {
  if (error instanceof AppError) return error;
  const { errcode, code } = (error ?? {}) as { errcode?: unknown; code?: unknown };
  const details = { path: file };
  // Extended codes carry the primary one in their low byte.
  const known = typeof errcode === 'number' ? CODES[errcode & 0xff] : undefined;
  if (known !== undefined) return new AppError(known[0], known[1], { details, cause: error });
  const errnoCode = typeof code === 'string' ? ERRNO_CODES[code] : undefined;
  return new AppError(errnoCode ?? 'storage/failed', 'The history could not be used.', {
    details,
    cause: error,
  });
}
