import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../harness/temporary-folder.ts';

/** What failing calls came to. */
export interface FaultReport {
  readonly runs: number;
  readonly calls: number;
  readonly refusals: number;
  readonly problems: readonly string[];
}

/** Whether this machine can build the stand-in for a failing disk: Linux with a C compiler. */
export function canFailCalls(): boolean {
  return process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;
}

/**
 * Lets each call of a scripted run that writes, syncs, cuts, renames or removes fail once, SQLite's own included: with ENOSPC, EIO,
 * EACCES and EBUSY in turn, or, thoroughly, with each of them.
 */
export function failCalls({ every = 1, isThorough = false }): FaultReport {
  const folder = temporaryFolder();
  const library = path.join(folder.path, 'fail-nth.so');
  const source = fileURLToPath(new URL('./fail-nth.c', import.meta.url));
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
  const page = path.join(folder.path, 'page');
  writeFileSync(page, Buffer.alloc(4_096));
  const script = fileURLToPath(new URL('./run-under-faults.ts', import.meta.url));
  const report = runAndRead(script, [folder.path, page, String(every), isThorough ? 'thorough' : ''], {
    LD_PRELOAD: library,
    LATCHKEY_FAULT_PAGE: page,
  });
  folder.remove();
  return report;
}

/** Lets the files of a run not grow beyond a size, for every size at which another write of the log fails; then lets them. */
export function limitFiles(every = 1): FaultReport {
  const folder = temporaryFolder();
  const script = fileURLToPath(new URL('./run-under-limits.ts', import.meta.url));
  const report = runAndRead(script, [folder.path, String(every)], {});
  folder.remove();
  return report;
}

function runAndRead(script: string, args: readonly string[], env: Record<string, string>): FaultReport {
  const output = execFileSync(process.execPath, [script, ...args], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1_024 ** 2,
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as FaultReport;
}
