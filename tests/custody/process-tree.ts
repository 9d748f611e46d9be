import { readFileSync, readdirSync } from 'node:fs';

/** A process and what anybody of the same user can read of it. */
export interface ProcessFacts {
  readonly pid: number;
  readonly commandLine: string;
  readonly environment: string;
}

/** A process and all its descendants, as they are now. */
export function processTree(rootPid: number): readonly ProcessFacts[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid)) parents.set(pid, parentOf(pid));
  }
  const isInTree = (pid: number): boolean => pid === rootPid || (pid > 1 && isInTree(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(isInTree).map((pid) => ({
    pid,
    commandLine: read(`/proc/${pid}/cmdline`),
    environment: read(`/proc/${pid}/environ`),
  }));
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** A process can end between being listed and being read. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
