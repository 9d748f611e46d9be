import { AppError, type ErrorCode } from '../../contract/app-error.ts';
import { TransferCancelled } from './transfer-context.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'storage/full',
  EDQUOT: 'storage/full',
  EFBIG: 'storage/full',
  EACCES: 'transfer/unwritable',
  EPERM: 'transfer/unwritable',
  EROFS: 'transfer/unwritable',
  ENOENT: 'transfer/unwritable',
  ENOTDIR: 'transfer/unwritable',
  EISDIR: 'transfer/unwritable',
};

/** What the file system threw while a transfer wrote, as an `AppError`; what is one, or a cancel, passes through. */
export function toTransferError(error: unknown, file: string): Error {
  if (error instanceof AppError || error instanceof TransferCancelled) return error;
  const { code } = (error ?? {}) as { code?: unknown };
  const known = typeof code === 'string' ? CODES[code] : undefined;
  return new AppError(known ?? 'transfer/unwritable', 'The file could not be written.', {
    details: { path: file },
    cause: error,
  });
}
