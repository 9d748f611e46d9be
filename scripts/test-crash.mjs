// `npm run test:crash`: kills, cuts and failing disks, in full. `npm test` has the same in short.
import { parseArgs } from 'node:util';

import { runCommand } from './setup/progress.mjs';
import { setUp } from './setup/setup.mjs';

const help = `Usage: npm run test:crash -- [options]

Kills a program that streams into a real history, cuts its log, lets its writes fail, and prints what was lost.

  --kills N       how often to kill; 200 unless told
  --thorough      let each call fail in each way (ENOSPC, EIO, EACCES, EBUSY) instead of in turn
  --help          print this
`;

const options = readOptions();
if (options?.help) process.stdout.write(help);
else if (options) {
  await runCommand(async () => {
    await setUp({ systemSets: [] });
    const { runTool } = await import('./testing/run-tool.mjs');
    const { inRepository } = await import('./setup/paths.mjs');
    const script = inRepository('tests/crash/run-crash.ts');
    const args = [`--kills=${options.kills}`, ...(options.thorough ? ['--thorough'] : [])];
    const { code } = await runTool([script, ...args], { env: process.env });
    return code;
  });
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        kills: { type: 'string', default: '200' },
        thorough: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (!/^[1-9]\d{0,4}$/.test(values.kills)) throw new TypeError(`${values.kills} is no number of kills.`);
    return values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}
