import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from '../e2e/fixtures.ts';

/** The folder, below a test's own, in which core files are collected. */
export const CORES = 'cores';

/** From now on what this process starts may leave a core file of any size. Throws where the system sends them elsewhere. */
export function allowCoreFiles(): void {
  corePattern();
  execFileSync('prlimit', ['--pid', String(process.pid), '--core=unlimited:unlimited']);
}

/** From now on what this process starts leaves no core file, as is usual. */
export function forbidCoreFiles(): void {
  execFileSync('prlimit', ['--pid', String(process.pid), '--core=0:unlimited']);
}

/** Crashes a process with a signal that dumps its core, and keeps the file it really left as `name`. */
export async function crash(pid: number, folder: string, name: string): Promise<void> {
  // To 0 the signal would go to the tests themselves.
  if (pid <= 0) throw new Error(`there is no process to crash as ${name}`);
  process.kill(pid, 'SIGSEGV');
  await expect.poll(() => existsSync(`/proc/${pid}`) && !isZombie(pid)).toBe(false);
  keepCoreFile(folder, name);
}

/** Keeps the core file that the last crash left in `folder`, the app's working folder; throws when there is none. */
export function keepCoreFile(folder: string, name: string): void {
  const pattern = corePattern();
  const [core] = readdirSync(folder).filter((file) => pattern.test(file));
  if (core === undefined) throw new Error(`${name} crashed and left no core file in ${folder}`);
  mkdirSync(path.join(folder, CORES), { recursive: true });
  const kept = path.join(folder, CORES, `${name}.core`);
  rmSync(kept, { force: true });
  renameSync(path.join(folder, core), kept);
  if (!readFileSync(kept).subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1')))
    throw new Error(`${kept} is no core file`);
}

/** The core files of a test so far. */
export function coreFilesIn(folder: string): readonly string[] {
  const cores = path.join(folder, CORES);
  return existsSync(cores) ? readdirSync(cores).map((file) => path.join(cores, file)) : [];
}

/** How the kernel names core files (core(5)), as a pattern over names in the working folder. */
function corePattern(): RegExp {
  const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
  if (pattern.startsWith('|') || pattern.includes('/') || pattern === '') {
    throw new Error(
      `core files go to "${pattern}" on this machine, where this test cannot read them: ` +
        'set /proc/sys/kernel/core_pattern to "core" for the run',
    );
  }
  const name = pattern
    .split(/%./)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${name}(?:\\.\\d+)?$`);
}

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true; // It is gone altogether.
  }
}
