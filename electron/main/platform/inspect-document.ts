import { readFileSync, renameSync } from 'node:fs';
import { dirname, join, basename } from 'node:path';
import { AppError } from '../../contract/app-error.ts';
import type { DocumentContent } from '../../core/ports.ts';

/**
 * Reads a JSON object from a file. A file that does not parse is renamed, never overwritten: someone may want to mend it.
 */
export function inspectDocument(path: string, now: () => number): DocumentContent {
  const text = readIfPresent(path);
  if (text === null) return { kind: 'absent' };
  const value = parseObject(text);
  if (value !== null) return { kind: 'value', value };
  return { kind: 'damaged', keptAs: setDocumentAside(path, now), text };
}

/** Renames `settings.json` to `settings.damaged-<time>.json` and returns the new name. Throws `storage/*`. */
export function setDocumentAside(path: string, now: () => number): string {
  const time = new Date(now()).toISOString().replaceAll(/[:.]/g, '-');
  const keptAs = `${basename(path, '.json')}.damaged-${time}.json`;
  try {
    renameSync(path, join(dirname(path), keptAs));
  } catch (cause) {
    throw toStorageError(cause);
  }
  return keptAs;
}

/** Maps what the file system said to a code. */
export function toStorageError(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('storage/full', 'The disk is full, so nothing could be saved.', { cause });
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(code)) {
    return new AppError('storage/unwritable', 'The profile folder cannot be written.', {
      cause,
      details: { code },
    });
  }
  return new AppError('storage/failed', 'A file could not be read or saved.', { cause, details: { code } });
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw toStorageError(cause);
  }
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    // Not JSON: what the caller asks about.
    return null;
  }
}
