import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../contract/app-error.ts';
import type { DocumentContent } from '../../core/ports.ts';
import { replaceRuns, runsOf } from '../../core/redaction/replace-runs.ts';

/** So much of a ciphertext is recognised in a file in which the rest of it is damaged or cut off. */
const SCRUBBED_RUN_LENGTH = 16;

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

/**
 * Takes a text, and what is left of it in a damaged file, out of the files beside `settings.json` whose names begin with `settings.`: those that were set aside, and the
 * temporary ones a crash leaves behind. The file itself is not touched. Throws `storage/*`.
 */
export function scrubSiblings(path: string, text: string, sharedLength: number): void {
  const prefix = `${basename(path, '.json')}.`;
  const runs = runsOf(text.slice(sharedLength), SCRUBBED_RUN_LENGTH);
  try {
    const names = readdirSync(dirname(path)).filter(
      (name) => name.startsWith(prefix) && name !== basename(path),
    );
    for (const name of names) {
      const sibling = join(dirname(path), name);
      const content = readFileSync(sibling, 'utf8');
      const scrubbed = replaceRuns(content.replaceAll(text, ''), runs, '');
      if (scrubbed !== content) writeFileSync(sibling, scrubbed, { mode: 0o600 });
    }
  } catch (cause) {
    throw toStorageError(cause);
  }
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
