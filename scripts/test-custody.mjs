// `npm run test:custody`: the custody tier alone, or with a leak planted on purpose, which it must find.
import { parseArgs } from 'node:util';

import { runCommand } from './setup/progress.mjs';
import { setUp, startSets } from './setup/setup.mjs';

const places = [
  'chat-memory',
  'other-memory',
  'ipc',
  'dom',
  'output',
  'files',
  'logs',
  'arguments',
  'environment',
  'foreign-server',
];
const help = `Usage: npm run test:custody -- [options]

Searches every place a key must not be, with canary keys, and prints what was searched and found.

  --plant PLACE   really leak the key there: the run must then fail. One of:
                  ${places.join(', ')}
  --help          print this
`;

const options = readOptions();
if (options?.help) process.stdout.write(help);
else if (options) {
  await runCommand(async () => {
    if (options.plant) process.env.LATCHKEY_PLANT = options.plant;
    const electron = await setUp({ systemSets: startSets });
    const { runTiers } = await import('./testing/run-tiers.mjs');
    return runTiers({ names: ['custody'], electron });
  });
}

function readOptions() {
  try {
    const { values } = parseArgs({ options: { plant: { type: 'string' }, help: { type: 'boolean' } } });
    if (values.plant !== undefined && !places.includes(values.plant))
      throw new TypeError(`There is no place ${values.plant}.`);
    return values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}
