import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { ensureDebianPackages } from './debian-packages.mjs';
import { describeElectron, resolveElectron } from './electron-runtime.mjs';
import { ensureNode, linkNode, withNode } from './node-runtime.mjs';
import { ensureNpmPackages } from './npm-packages.mjs';
import { progress } from './progress.mjs';

/** What `npm start` needs of the system; `npm test` needs a browser too. */
export const startSets = ['electron', 'display', 'keyring'];

/**
 * Installs all that is missing, and returns the Electron to run. What is there is left alone, so a second call is quick.
 * On a machine with an old Node it first starts this same command again on the new one, and then does not return.
 */
export async function setUp({ systemSets = startSets } = {}) {
  const nodePath = await ensureNode();
  await ensureNpmPackages(withNode(nodePath));
  await linkNode(nodePath);
  if (nodePath !== process.execPath) await continueOn(nodePath);
  await ensureDebianPackages(systemSets);
  const electron = await resolveElectron();
  progress('Electron', describeElectron(electron));
  return electron;
}

// Never returns: this process only waits, and hands signals on.
async function continueOn(nodePath) {
  const child = spawn(nodePath, process.argv.slice(1), { stdio: 'inherit', env: withNode(nodePath) });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  process.exit(code ?? 1);
}
