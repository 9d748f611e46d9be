import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describeElectron } from '../setup/electron-runtime.mjs';
import { inRepository } from '../setup/paths.mjs';
import { progress, SetupError } from '../setup/progress.mjs';
import { runProcess } from '../setup/run-process.mjs';

// Names the result of the last packaging for whoever starts it: the package tests, or a person.
const recordFile = inRepository('dist/packaged.json');

const developmentNotice = `This folder is a DEVELOPMENT build of Latchkey. Do not give it to anybody.

The Electron inside is not the pinned one, but one that stood in for it: probably a third party's build of a version that
gets no security fixes any more. It is for tests only.
`;

/** Throws when this Electron may not be packaged without `isDevelopmentAllowed`. */
export function assertPackagable(electron, isDevelopmentAllowed) {
  if (isDevelopmentOnly(electron) && !isDevelopmentAllowed) throw new SetupError(refusal);
}

// Users get the pinned version and no other; so the fallback cannot slip in through an override either.
function isDevelopmentOnly({ kind, version }) {
  const { devDependencies } = JSON.parse(readFileSync(inRepository('package.json'), 'utf8'));
  return kind === 'fallback' || version !== devDependencies.electron;
}

/**
 * Makes the unpacked app in dist/ out of the built out/ and returns `{ folder, executablePath, electron }`. On the fallback
 * runtime it needs `isDevelopmentAllowed`, and the result is marked and kept apart.
 */
export async function packageApp({ electron, isDevelopmentAllowed = false }) {
  assertPackagable(electron, isDevelopmentAllowed);
  const isDevelopment = isDevelopmentOnly(electron);
  const output = isDevelopment ? 'dist/development' : 'dist/release';
  await rm(recordFile, { force: true });
  await rm(inRepository(output), { recursive: true, force: true });
  await runElectronBuilder({ electron, output });
  const packaged = { ...locate(inRepository(output)), electron };
  // Electron's stand-in for a missing app; electron-builder leaves it when the runtime comes from a folder.
  await rm(path.join(packaged.folder, 'resources/default_app.asar'), { force: true });
  if (isDevelopment)
    await writeFile(path.join(packaged.folder, 'DEVELOPMENT-RUNTIME.txt'), developmentNotice);
  await writeFile(recordFile, `${JSON.stringify(packaged, null, 2)}\n`);
  progress(
    'Package',
    `${path.relative(inRepository(), packaged.folder)}${isDevelopment ? ' (development only)' : ''}`,
  );
  return packaged;
}

/** What the last `packageApp` made, or `undefined` when it did not finish. */
export function findPackagedApp() {
  return existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, 'utf8')) : undefined;
}

const refusal = `Latchkey is packaged with the pinned Electron only, and this is another one: the development runtime has no security fixes.
Make Electron's own build reachable (ELECTRON_MIRROR, or ELECTRON_OVERRIDE_DIST_PATH), or make a folder for tests only:

  npm run package -- --development
`;

async function runElectronBuilder({ electron, output }) {
  progress('Package', `electron-builder with ${describeElectron(electron)}`);
  const args = [
    inRepository('node_modules/electron-builder/cli.js'),
    '--dir',
    '--publish=never',
    '--config=electron-builder.yml',
    `-c.electronDist=${electron.distPath}`,
    `-c.electronVersion=${electron.version}`,
    `-c.directories.output=${output}`,
    // On Linux this fuse makes Chromium ask the keyring before the first window opens: with a locked one the app would stand
    // still until somebody answers its prompt. There is no cookie to protect.
    ...(process.platform === 'linux' ? ['-c.electronFuses.enableCookieEncryption=false'] : []),
  ];
  const env = { ...process.env, CSC_IDENTITY_AUTO_DISCOVERY: 'false' };
  const { code, stdout, stderr } = await runProcess(process.execPath, args, { cwd: inRepository(), env });
  if (code !== 0)
    throw new SetupError(`electron-builder failed (code ${code}).\n${`${stdout}\n${stderr}`.trim()}`);
}

function locate(output) {
  const candidates = [
    ['linux-unpacked', 'latchkey'],
    ['linux-arm64-unpacked', 'latchkey'],
    ['win-unpacked', 'Latchkey.exe'],
    ['mac', 'Latchkey.app/Contents/MacOS/Latchkey'],
    ['mac-arm64', 'Latchkey.app/Contents/MacOS/Latchkey'],
  ];
  for (const [name, executable] of candidates) {
    const executablePath = path.join(output, name, executable);
    if (existsSync(executablePath)) return { folder: path.join(output, name), executablePath };
  }
  throw new SetupError(`electron-builder ended without an error, but there is no app in ${output}.`);
}
