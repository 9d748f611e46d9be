import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { profileIn, runScript } from './scripted-run.ts';

// Started by failing-calls.ts: the kernel lets no file of this process grow beyond a limit (RLIMIT_FSIZE), which needs no root.

const [folder = '', every = '1'] = process.argv.slice(2);
const FRAME_BYTES = 24 + 4_096;
const FRAMES = 90;

/** The soft limit: it can be lifted again while the process runs. */
function limit(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`]);
}

// Without a listener, the signal that comes with the error would end the process.
process.on('SIGXFSZ', () => undefined);

let runs = 0;
let refusals = 0;
const problems: string[] = [];
for (let frame = 0; frame <= FRAMES; frame += Number(every)) {
  const file = profileIn(folder, frame);
  mkdirSync(path.dirname(file), { recursive: true });
  // In the middle of a frame, so that it is written in part.
  limit(32 + frame * FRAME_BYTES + (frame % 3) * 1_000);
  const outcome = runScript(file, { heal: () => limit('unlimited'), isShort: true });
  runs += 1;
  refusals += outcome.refusals.length;
  problems.push(...outcome.problems.map((problem) => `limit of ${frame} frames: ${problem}`));
  rmSync(path.dirname(file), { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify({ runs, calls: runs, refusals, problems })}\n`);
