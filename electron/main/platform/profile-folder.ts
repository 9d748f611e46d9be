import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WireError } from '../../contract/app-error.ts';
import { toStorageError } from './inspect-document.ts';

/** Where the profile lives, and whether it can be used. */
export interface ProfileFolder {
  /** The folder people know, usable or not. */
  readonly path: string;
  /** The folder Chromium and Latchkey write to. */
  readonly workingPath: string;
  /** Set when `path` cannot be written; `workingPath` is then private, empty and temporary. */
  readonly blocked: WireError | null;
}

/** Tries the folder by writing to it. Runs before the single-instance lock, which lives inside. */
export function probeProfileFolder(path: string): ProfileFolder {
  const probe = join(path, `.write-probe-${process.pid}`);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    writeFileSync(probe, '', { mode: 0o600 });
    unlinkSync(probe);
    return { path, workingPath: path, blocked: null };
  } catch (cause) {
    const { code, details } = toStorageError(cause);
    const reason = String(details['code'] ?? '') || code;
    return {
      path,
      workingPath: mkdtempSync(join(tmpdir(), 'latchkey-blocked-')),
      blocked: {
        code: code === 'storage/full' ? code : 'storage/unwritable',
        message: 'Latchkey cannot write to its profile folder, so nothing can be saved.',
        details: { path, reason },
      },
    };
  }
}

/** Takes a temporary working folder away again (what Chromium writes after that is its own preferences); leaves a real profile alone. */
export function discardTemporaryFolder(profile: ProfileFolder): void {
  if (profile.blocked === null) return;
  rmSync(profile.workingPath, { recursive: true, force: true, maxRetries: 2 });
}
