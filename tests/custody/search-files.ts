import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  type Dirent,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import path from 'node:path';
import { CORES } from './core-files.ts';
import { formsOf } from './scan-process-memory.ts';
import { processTree } from './process-tree.ts';

/** Where programs put files that are not theirs to keep, besides the home folder. */
const SHARED_FOLDERS = [
  '/tmp',
  '/var/tmp',
  '/dev/shm',
  '/run/user',
  '/var/crash',
  '/var/lib/systemd/coredump',
];

/** Trees below them that are large and written by package managers and compilers only. */
const SKIPPED = ['node_modules', '.git', '.npm'];

const CHUNK_BYTES = 4 * 1024 * 1024;

/** Every file below the test's own world (profile, home, caches, temporary files, keyring, network logs), but for core files. */
export function listOwnFiles(folder: string): {
  readonly files: readonly string[];
  readonly logs: readonly string[];
} {
  const all = walk(folder).filter((file) => !file.startsWith(path.join(folder, CORES) + path.sep));
  const isLog = (file: string) => file.includes(`${path.sep}logs${path.sep}`);
  return { files: all.filter((file) => !isLog(file)), logs: all.filter(isLog) };
}

/**
 * Files outside the test's own world that the app may have written: whatever changed since the start below the shared
 * folders and the real home, by ctime, which no program can set back. A file that was made and removed again is not seen.
 */
export function listFilesElsewhere(folder: string, since: number): readonly string[] {
  const roots = [...new Set([...SHARED_FOLDERS, homedir()])].filter((root) => existsSync(root));
  const skipped = SKIPPED.flatMap((name) => ['-o', '-name', name]);
  // `find` and not Node: a home may have a million files. It ends with 1 when something was removed while it looked.
  const { stdout, stderr } = spawnSync(
    'find',
    [
      ...roots,
      ...['(', '-path', folder, ...skipped, ')', '-prune', '-o'],
      ...['-type', 'f', '-newerct', `@${Math.floor(since / 1000)}`, '-print0'],
    ],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const complaints = stderr
    .split('\n')
    .filter((line) => line !== '' && !/No such file or directory|Permission denied/.test(line));
  if (complaints.length > 0) throw new Error(`not every folder could be searched: ${complaints.join('; ')}`);
  return stdout.split('\0').filter(Boolean);
}

/** Files outside the test's own world that a process of the app holds open for writing now. */
export function listOpenFilesElsewhere(folder: string, pid: number): readonly string[] {
  return [...new Set(openForWriting(pid))].filter((file) => !file.startsWith(folder + path.sep));
}

/** Searches whole files, in pieces that overlap. A file that is gone meanwhile holds nothing. */
export function searchFiles(
  files: readonly string[],
  secret: string,
): { readonly bytes: number; readonly hits: number } {
  let bytes = 0;
  let hits = 0;
  for (const file of files) {
    const found = searchFile(file, secret);
    bytes += found.bytes;
    hits += found.forms.size;
  }
  return { bytes, hits };
}

function searchFile(
  file: string,
  secret: string,
): { readonly bytes: number; readonly forms: ReadonlySet<string> } {
  const needles = formsOf(secret);
  const overlap = Math.max(...[...needles.values()].map((needle) => needle.length));
  const forms = new Set<string>();
  const descriptor = openOrNull(file);
  if (descriptor === null) return { bytes: 0, forms };
  const chunk = Buffer.alloc(CHUNK_BYTES + overlap);
  let position = 0;
  try {
    for (;;) {
      const got = readSync(descriptor, chunk, 0, chunk.length, position);
      for (const [form, needle] of needles) if (chunk.subarray(0, got).includes(needle)) forms.add(form);
      if (got < chunk.length) return { bytes: position + got, forms };
      position += CHUNK_BYTES;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Regular files with a name that a process of the app holds open for writing. */
function openForWriting(pid: number): readonly string[] {
  return processTree(pid).flatMap(({ pid: each }) =>
    entriesOf(`/proc/${each}/fd`).flatMap(({ name }) => {
      const descriptor = `/proc/${each}/fd/${name}`;
      // Of such a link only the owner's bits say how it was opened.
      const isWritable = ((orWhenGone(() => lstatSync(descriptor), null)?.mode ?? 0) & 0o200) !== 0;
      const target = isWritable ? linkOrEmpty(descriptor) : '';
      return target.startsWith('/') && !/ \(deleted\)$|^\/(?:dev|proc|memfd:)/.test(target) ? [target] : [];
    }),
  );
}

function walk(folder: string): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return walk(file);
    return entry.isFile() ? [file] : [];
  });
}

// Others work below the shared folders too: what they remove meanwhile is gone, and what this user may not read the app, which
// is the same user's, has not written. Anything else is an error.
function entriesOf(folder: string): readonly Dirent[] {
  return orWhenGone(() => readdirSync(folder, { withFileTypes: true }), []);
}

function openOrNull(file: string): number | null {
  return orWhenGone(() => openSync(file, 'r'), null);
}

function linkOrEmpty(file: string): string {
  return orWhenGone(() => readlinkSync(file), '');
}

function orWhenGone<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch (error) {
    if (/^(?:ENOENT|ENOTDIR|ESRCH|EACCES)$/.test((error as NodeJS.ErrnoException).code ?? ''))
      return otherwise;
    throw error;
  }
}
