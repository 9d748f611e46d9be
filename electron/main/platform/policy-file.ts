import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { dirname, posix, resolve } from 'node:path';
import { AppError } from '../../contract/app-error.ts';
import { MAX_POLICY_BYTES } from '../../contract/model/policy.ts';

/** Where a policy is looked for, and whom it may belong to. */
export interface PolicyPlace {
  /** Absolute. */
  readonly path: string;
  /**
   * User ids that may own the file and the folders above it; null where the system has none (Windows, whose access
   * lists Node cannot read).
   */
  readonly owners: readonly number[] | null;
  /** Whether a folder that everybody can write to will do when nobody can touch what is another's there, as in /tmp. */
  readonly acceptsSticky: boolean;
}

const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o022;

/** The one place of each system. Constants: an environment variable must not point anywhere else. */
const MACHINE_WIDE = {
  linux: '/etc/latchkey/policy.json',
  darwin: '/Library/Application Support/Latchkey/policy.json',
  win32: 'C:\\ProgramData\\Latchkey\\policy.json',
} as const;

/**
 * The machine-wide place, where only an administrator can write; or, where `testFile` is one (`parseLaunchArguments` takes
 * none in a packaged build), that file, which may be the current user's.
 */
export function findPolicyPlace(testFile: string | null, platform: NodeJS.Platform): PolicyPlace {
  const hasOwners = platform !== 'win32';
  if (testFile === null) {
    const path = platform === 'darwin' || platform === 'win32' ? MACHINE_WIDE[platform] : MACHINE_WIDE.linux;
    return { path, owners: hasOwners ? [0] : null, acceptsSticky: false };
  }
  const owners = hasOwners ? [0, process.getuid?.() ?? 0] : null;
  return { path: resolve(testFile), owners, acceptsSticky: true };
}

/**
 * The text of the policy, or null where there is none. Everything about the file is asked of the one descriptor it is read
 * from. Throws `policy/untrusted` when somebody else could have written it, and `policy/unreadable`.
 */
export function readPolicyFile(place: PolicyPlace): string | null {
  // Where nobody made its folder there is no policy, whatever the system above it looks like (a container's, for one).
  if (inspect(dirname(place.path)) === null) return null;
  // Top down: once a folder is known to be safe, nobody can exchange what is in it.
  for (const folder of foldersAbove(place)) {
    const stats = inspect(folder);
    if (stats === null) return null;
    assertTrusted(stats, 'folder', folder, place);
  }
  const descriptor = open(place.path);
  if (descriptor === null) return null;
  try {
    const stats = ask(() => fstatSync(descriptor));
    assertTrusted(stats, 'file', place.path, place);
    return decode(ask(() => readBounded(descriptor)));
  } finally {
    closeSync(descriptor);
  }
}

/** From the root down; none where owners cannot be told. */
function foldersAbove({ path, owners }: PolicyPlace): readonly string[] {
  if (owners === null) return [];
  const folders: string[] = [];
  for (let folder = posix.dirname(path); !folders.includes(folder); folder = posix.dirname(folder))
    folders.unshift(folder);
  return folders;
}

function assertTrusted(stats: Stats, kind: 'file' | 'folder', path: string, place: PolicyPlace): void {
  const name = kind === 'file' ? 'The file' : `The folder ${path}`;
  if (kind === 'file' ? !stats.isFile() : !stats.isDirectory())
    throw untrusted(`${name} is not a plain ${kind}; a link to one is not followed.`);
  if (place.owners === null) return;
  if (!place.owners.includes(stats.uid))
    throw untrusted(`${name} belongs to user ${stats.uid}; it has to belong to root.`);
  const isSticky = kind === 'folder' && place.acceptsSticky && (stats.mode & STICKY) !== 0;
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0 && !isSticky) {
    const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
    throw untrusted(`${name} can be written by others than its owner (mode ${mode}).`);
  }
}

function inspect(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch (cause) {
    if (isAbsent(cause)) return null;
    throw unreadable(cause);
  }
}

/** `O_NOFOLLOW` refuses a link, `O_NONBLOCK` does not wait for ever at a pipe. Windows has neither. */
function open(path: string): number | null {
  try {
    return openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    if (isAbsent(cause)) return null;
    if (errorCode(cause) === 'ELOOP')
      throw untrusted('The file is not a plain file; a link to one is not followed.');
    throw unreadable(cause);
  }
}

/** One byte more than allowed tells that there is more; what the file says of its size is not relied upon. */
function readBounded(descriptor: number): Uint8Array {
  const bytes = Buffer.alloc(MAX_POLICY_BYTES + 1);
  let length = 0;
  for (let count = -1; count !== 0 && length < bytes.length; length += count)
    count = readSync(descriptor, bytes, length, bytes.length - length, null);
  return bytes.subarray(0, length);
}

function ask<T>(question: () => T): T {
  try {
    return question();
  } catch (cause) {
    throw unreadable(cause);
  }
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > MAX_POLICY_BYTES)
    throw new AppError('policy/invalid', `It is larger than ${MAX_POLICY_BYTES / 1024} KiB.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('policy/invalid', 'It is not UTF-8 text.', { cause });
  }
}

/** Only this: a file in place of a folder, or a folder that may not be looked into, is no reason to go on without a policy. */
function isAbsent(cause: unknown): boolean {
  return errorCode(cause) === 'ENOENT';
}

function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function untrusted(message: string): AppError {
  return new AppError('policy/untrusted', message);
}

function unreadable(cause: unknown): AppError {
  return new AppError(
    'policy/unreadable',
    `The system said ${errorCode(cause) || 'that it cannot be read'}.`,
    {
      cause,
    },
  );
}
