import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startDemoServer } from '../demo-server/demo-server.mjs';
import { inRepository } from '../setup/paths.mjs';
import { progress } from '../setup/progress.mjs';
import { runTour } from '../tour/tour.mjs';
import { stopOnSignals } from './child.mjs';
import { hasDisplay, startDisplay } from './display.mjs';
import { isKeyringAvailable, keyringArguments, startKeyring } from './keyring.mjs';
import { launchUnderPlaywright, runApp } from './launch-app.mjs';
import { sandboxArguments } from './sandbox.mjs';

// Slow enough for pictures in two themes while the reply streams.
const tourTokensPerSecond = 60;

/** Opens the app with a demo server beside it: on the display there is, or on a display of its own with a guided tour. */
export async function startApp({ electron, options }) {
  const isOwnDisplay = !hasDisplay();
  const hasTour = options.tour ?? isOwnDisplay;
  const closers = [];
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  if (isOwnDisplay || hasTour) stopOnSignals(stop);
  try {
    const env = { ...process.env };
    const appArguments = await prepare({ options, isOwnDisplay, hasTour, env, closers });
    if (sandboxArguments().length > 0)
      progress('App', 'running as root, so with --no-sandbox: Chromium cannot sandbox root');
    if (hasTour) return await giveTour({ electron, appArguments, env, options });
    progress('App', 'open; this command ends with it');
    return await runApp({ electron, appArguments, env });
  } finally {
    await stop();
  }
}

async function prepare({ options, isOwnDisplay, hasTour, env, closers }) {
  const appArguments = [];
  if (isOwnDisplay || hasTour) {
    const workFolder = await mkdtemp(path.join(tmpdir(), 'latchkey-'));
    closers.push(() => rm(workFolder, { recursive: true, force: true }));
    const profile = options.userDataDir ?? path.join(workFolder, 'profile');
    appArguments.push(`--user-data-dir=${profile}`);
    if (isOwnDisplay) appArguments.push(...(await bringDesktop({ options, workFolder, env, closers })));
  } else if (options.userDataDir) {
    appArguments.push(`--user-data-dir=${options.userDataDir}`);
  }
  appArguments.push(`--demo-server=${await provideConnection({ options, hasTour, closers })}`);
  if (options.allowRemoteKeys) appArguments.push('--allow-remote-keys');
  return appArguments;
}

async function bringDesktop({ options, workFolder, env, closers }) {
  const display = await startDisplay();
  closers.push(display.stop);
  Object.assign(env, display.env);
  progress('Display', `none here, so a virtual one: ${display.env.DISPLAY}`);
  if (!isKeyringAvailable()) {
    progress('Keyring', 'none here: keys last for the session only');
    return [];
  }
  // A profile that is kept needs its keyring kept, or its keys could not be read next time.
  const dir = options.userDataDir
    ? path.join(options.userDataDir, 'development-keyring')
    : path.join(workFolder, 'keyring');
  const keyring = await startKeyring({ dir });
  closers.push(keyring.stop);
  Object.assign(env, keyring.env);
  progress('Keyring', 'a private gnome-keyring, unlocked');
  return keyringArguments;
}

async function provideConnection({ options, hasTour, closers }) {
  if (options.connectionUrl) {
    progress('Connection', options.connectionUrl);
    return options.connectionUrl;
  }
  const server = await startDemoServer(hasTour ? { tokensPerSecond: tourTokensPerSecond } : {});
  closers.push(server.stop);
  progress('Demo server', server.baseUrl);
  return server.baseUrl;
}

async function giveTour({ electron, appArguments, env, options }) {
  const { app, output, close } = await launchUnderPlaywright({ electron, appArguments, env });
  const closed = new Promise((resolve) => app.once('close', resolve));
  try {
    const pictures = await runTour({
      app,
      folder: inRepository('out/tour'),
      write: (text) => process.stdout.write(text),
    });
    process.stdout.write(`\n${pictures.length} screenshots, all different, none blank:\n`);
    for (const file of pictures) process.stdout.write(`  ${path.relative(process.cwd(), file)}\n`);
    if (options.keepOpen) {
      process.stdout.write('\nThe app stays open; Ctrl+C ends it.\n');
      await closed;
    }
    return 0;
  } catch (error) {
    process.stderr.write(
      `\nThe tour failed: ${error.message}\n\nThe app's last output:\n${output().trimEnd()}\n`,
    );
    return 1;
  } finally {
    await close();
  }
}
