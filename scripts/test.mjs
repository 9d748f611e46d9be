// `npm test`: sets up what is missing and runs every tier. Only node: builtins may be imported before the set-up has run.
import { parseArgs } from 'node:util';

import { runCommand } from './setup/progress.mjs';
import { setUp, startSets } from './setup/setup.mjs';

const allTiers = ['check', 'unit', 'integration', 'web', 'e2e', 'custody', 'package'];
const help = `Usage: npm test -- [options]

  --only TIERS    run only these, separated by commas: ${allTiers.join(', ')}
  --grep TEXT     run only the tests whose name contains TEXT
  --help          print this
`;

const options = readOptions();
if (options?.help) process.stdout.write(help);
else if (options) await runCommand(() => test(options));

async function test({ names, grep }) {
  const needsSystem = names.some((name) => !['check', 'unit', 'integration'].includes(name));
  const electron = await setUp({ systemSets: needsSystem ? [...startSets, 'browser'] : [] });
  const { runTiers } = await import('./testing/run-tiers.mjs');
  const shouldProve = grep === undefined && allTiers.every((name) => names.includes(name));
  return runTiers({ names, electron, grep, shouldProve });
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string' }, grep: { type: 'string' }, help: { type: 'boolean' } },
    });
    const names = values.only === undefined ? allTiers : values.only.split(',');
    const unknown = names.filter((name) => !allTiers.includes(name));
    if (unknown.length > 0) throw new TypeError(`There is no tier ${unknown.join(', ')}.`);
    return { help: values.help, names, grep: values.grep };
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}
