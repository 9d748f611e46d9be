// `npm run test:damage`: starts the real app on many damaged copies of a profile and prints what became of each.
import { parseArgs } from 'node:util';

import { runCommand } from './setup/progress.mjs';
import { setUp, startSets } from './setup/setup.mjs';

const mostCases = 2_000;
const help = `Usage: npm run test:damage -- [options]

Starts the app on copies of a profile whose vault, connections or settings were cut off or have one bit flipped. Each time it
must start, say so, keep the damaged file, and use every undamaged key. Prints one line for each; about 3 s each on two cores.

  --cases N   how many, 12 to ${mostCases}; 200 unless told. The e2e tier runs 12 of them
  --help      print this
`;

const options = readOptions();
if (options?.help) process.stdout.write(help);
else if (options) {
  await runCommand(async () => {
    process.env.LATCHKEY_DAMAGE_CASES = String(options.cases);
    const electron = await setUp({ systemSets: startSets });
    const { runTiers } = await import('./testing/run-tiers.mjs');
    return runTiers({ names: ['e2e'], electron, grep: 'a damaged profile starts' });
  });
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { cases: { type: 'string', default: '200' }, help: { type: 'boolean' } },
    });
    const cases = Number(values.cases);
    if (!Number.isInteger(cases) || cases < 12 || cases > mostCases)
      throw new TypeError(`--cases takes a number from 12 to ${mostCases}.`);
    return { ...values, cases };
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}
