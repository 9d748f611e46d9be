// `npm run package`: the unpacked app in dist/. On the development runtime only with `--development`.
import { parseArgs } from 'node:util';

import { buildApp } from './build-app.mjs';
import { assertPackagable, packageApp } from './packaging/package-app.mjs';
import { runCommand } from './setup/progress.mjs';
import { setUp } from './setup/setup.mjs';

await runCommand(async () => {
  const { values } = parseArgs({ options: { development: { type: 'boolean' } } });
  const electron = await setUp({ systemSets: ['electron'] });
  assertPackagable(electron, values.development);
  await buildApp();
  await packageApp({ electron, isDevelopmentAllowed: values.development });
});
