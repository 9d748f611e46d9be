// `npm run test:faults`: every fault at every place in both APIs, printed as a table.
import { readFileSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { inRepository } from './setup/paths.mjs';
import { runCommand } from './setup/progress.mjs';
import { setUp } from './setup/setup.mjs';

const help = `Usage: npm run test:faults -- [options]

Answers real requests as a broken or hostile server does, and compares how each ends with the table in
docs/chat-outcomes.md. A shorter run of the same is part of npm test.

  --write   first bring the table in the docs up to date with the tests
  --help    print this
`;

const options = readOptions();
if (options?.help) process.stdout.write(help);
else if (options) {
  await runCommand(async () => {
    if (options.write) process.env.LATCHKEY_WRITE_FAULTS = '1';
    const report = inRepository('out/test/faults.txt');
    rmSync(report, { force: true });
    const electron = await setUp({ systemSets: [] });
    const { runTiers } = await import('./testing/run-tiers.mjs');
    const code = await runTiers({ names: ['faults'], electron });
    process.stdout.write(`\n${readReport(report)}`);
    return code;
  });
}

function readReport(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'The matrix did not run to its end.\n';
  }
}

function readOptions() {
  try {
    return parseArgs({ options: { write: { type: 'boolean' }, help: { type: 'boolean' } } }).values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}
