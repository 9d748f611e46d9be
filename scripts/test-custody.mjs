// `npm run test:custody`: the custody tier alone, or with a leak planted on purpose, which it must find.
import { parseArgs } from 'node:util';

import { custodyPlaces } from './proof/custody-places.mjs';
import { runCommand } from './setup/progress.mjs';
import { setUp, startSets } from './setup/setup.mjs';

const help = `Usage: npm run test:custody -- [options]

Searches every place a key must not be, with canary keys, and prints what was searched and found.

  --plant PLACE   really leak the key there: the run must then fail. One of:
                  ${custodyPlaces.join(', ')}
  --prepared      use what is set up and built
  --help          print this
`;

const options = readOptions();
if (options?.help) process.stdout.write(help);
else if (options) await runCommand(() => test(options));

async function test({ plant, prepared }) {
  if (plant) process.env.LATCHKEY_PLANT = plant;
  const electron = prepared ? undefined : await setUp({ systemSets: startSets });
  const { runTiers } = await import('./testing/run-tiers.mjs');
  return runTiers({
    names: ['custody'],
    electron,
    shouldBuild: !prepared,
    // A planted leak is looked for on the shortest way to its place.
    grep: plant && (plant === 'core-file' ? '@cores' : '@first'),
  });
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { plant: { type: 'string' }, prepared: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (values.plant !== undefined && !custodyPlaces.includes(values.plant))
      throw new TypeError(`There is no place ${values.plant}.`);
    return values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}
