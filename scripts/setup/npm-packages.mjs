import { existsSync, readFileSync } from 'node:fs';

import { inRepository } from './paths.mjs';
import { progress, SetupError } from './progress.mjs';
import { runNpm } from './run-process.mjs';

/** Installs the npm packages that package-lock.json names, unless exactly those are installed. `env` says which Node npm runs on. */
export async function ensureNpmPackages(env) {
  if (areInstalled()) return progress('npm packages', 'up to date');
  progress('npm packages', 'installing by package-lock.json (a minute or two)');
  const { code } = await runNpm(
    ['ci', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'],
    {
      cwd: inRepository(),
      env,
      show: true,
    },
  );
  if (code !== 0 || !areInstalled())
    throw new SetupError('npm could not install the packages; its messages are above.');
  progress('npm packages', 'installed');
}

/**
 * npm writes node_modules/.package-lock.json last, so its presence says that an installation was finished, and its content
 * which one: no stamp of ours is needed, and a developer's own `npm install` counts.
 */
function areInstalled() {
  const recordFile = inRepository('node_modules/.package-lock.json');
  if (!existsSync(recordFile)) return false;
  const wanted = readPackages(inRepository('package-lock.json'));
  const installed = readPackages(recordFile);
  delete wanted['']; // the project itself
  const isWanted = ([folder, entry]) => describe(wanted[folder]) === describe(entry);
  // An optional package for another platform is absent on purpose.
  const isInstalled = ([folder, entry]) =>
    entry.optional || entry.devOptional || installed[folder] !== undefined;
  return Object.entries(installed).every(isWanted) && Object.entries(wanted).every(isInstalled);
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

function describe(entry) {
  return entry && `${entry.version} ${entry.integrity ?? ''}`;
}
