import { AppError, type ErrorCode } from '../../contract/app-error.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'storage/full',
  EDQUOT: 'storage/full',
  EACCES: 'storage/unwritable',
  EPERM: 'storage/unwritable',
  EROFS: 'storage/unwritable',
  ENOTDIR: 'storage/unwritable',
};

/** Turns what the file system threw into an `AppError` with `storage/*`; an `AppError` passes through. */
export function mapFileError(error: unknown, file: string): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new AppError(CODES[code] ?? 'storage/failed', 'A file could not be read or saved.', {
    cause: error,
    details: { path: file },
  });
}
