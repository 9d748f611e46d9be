import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { profileIn, runScript } from './scripted-run.ts';

// Started by failing-calls.ts with fail-nth.c preloaded: one scripted run for every call that can fail.

const [folder = '', page = '', every = '1', isThorough = ''] = process.argv.slice(2);
const ERRORS = ['ENOSPC', 'EIO', 'EACCES', 'EBUSY'] as const;
const lab = path.join(folder, 'fault-lab');
const descriptor = openSync(page, 'r+');

function setPage(failAt: number, errno: number): void {
  const words = Buffer.alloc(12);
  words.writeInt32LE(failAt, 4);
  words.writeInt32LE(errno, 8);
  writeSync(descriptor, words, 0, 12, 0);
}

function seen(): number {
  const words = Buffer.alloc(4);
  readSync(descriptor, words, 0, 4, 0);
  return words.readInt32LE(0);
}

let runs = 0;
const problems: string[] = [];
let refusals = 0;

function run(failAt: number, name: (typeof ERRORS)[number]): void {
  const file = profileIn(lab, runs);
  mkdirSync(path.dirname(file), { recursive: true });
  runs += 1;
  setPage(failAt, constants.errno[name]);
  const outcome = runScript(file, { heal: () => setPage(0, 0) });
  refusals += outcome.refusals.length;
  problems.push(...outcome.problems.map((problem) => `${name} at call ${failAt}: ${problem}`));
  rmSync(path.dirname(file), { recursive: true, force: true });
}

/** How many calls there are: none fails, and the last look is taken before the page is wiped. */
function countCalls(): number {
  const file = profileIn(lab, 0);
  mkdirSync(path.dirname(file), { recursive: true });
  setPage(0, 0);
  let calls = 0;
  const { problems: found } = runScript(file, {
    heal: () => {
      calls = seen();
    },
  });
  rmSync(path.dirname(file), { recursive: true, force: true });
  if (found.length > 0) throw new Error(`the run fails by itself: ${found.join('; ')}`);
  return calls;
}

const calls = countCalls();
for (let failAt = 1; failAt <= calls; failAt += Number(every)) {
  // All ways in turn, or each way at each call.
  const names = isThorough === 'thorough' ? ERRORS : ERRORS.slice(failAt % 4, (failAt % 4) + 1);
  for (const name of names) run(failAt, name);
}
closeSync(descriptor);
process.stdout.write(`${JSON.stringify({ runs, calls, refusals, problems })}\n`);
