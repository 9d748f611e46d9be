// Installs everything that `npm start` and `npm test` need, and nothing that is there already.
import { parseArgs } from 'node:util';

import { runCommand } from './setup/progress.mjs';
import { setUp, startSets } from './setup/setup.mjs';

await runCommand(async () => {
  const { values } = parseArgs({
    options: { tests: { type: 'boolean' }, 'retry-download': { type: 'boolean' } },
  });
  if (values['retry-download']) process.env.LATCHKEY_ELECTRON_DOWNLOAD = 'retry';
  await setUp({ systemSets: values.tests ? [...startSets, 'browser'] : startSets });
});
