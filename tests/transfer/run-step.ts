import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Outcome } from '../harness/transfer-world.ts';

/** What one import or export came to. */
export interface StepResult {
  readonly outcome: Outcome;
  readonly seconds: number;
  readonly idleBytes: number;
  readonly peakBytes: number;
  /** The longest that saving a draft took meanwhile. */
  readonly longestWaitMs: number;
  readonly progressCount: number;
  readonly isProgressGrowing: boolean;
}

const PROGRAM = fileURLToPath(new URL('./measure-step.ts', import.meta.url));

/** Runs one in a process of its own, with a profile in `folder`. */
export async function runStep(
  folder: string,
  step: { readonly export: string } | { readonly import: readonly string[] },
): Promise<StepResult> {
  const args = 'export' in step ? [`--export=${step.export}`] : step.import.map((file) => `--import=${file}`);
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, `--folder=${folder}`, ...args], {
    maxBuffer: 16 * 1_024 ** 2,
  });
  // `as`: our own program wrote it.
  return JSON.parse(stdout) as StepResult;
}
