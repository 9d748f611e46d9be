import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { repositoryRoot } from '../setup/paths.mjs';
import { sandboxArguments } from './sandbox.mjs';

const closeTimeoutMs = 5000;

/** Runs the built app in the foreground until it ends, and returns its exit code. */
export async function runApp({ electron, appArguments, env }) {
  const args = [...sandboxArguments(), repositoryRoot, ...appArguments];
  const child = spawn(electron.executablePath, args, { stdio: 'inherit', env: cleanEnvironment(env) });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/** Starts the built app under Playwright; `app` is an `ElectronApplication`, `output()` what it wrote so far. */
export async function launchUnderPlaywright({ electron, appArguments, env }) {
  const { _electron } = await import('playwright');
  const isRoot = sandboxArguments().length > 0;
  const app = await _electron.launch({
    executablePath: electron.executablePath,
    args: [...sandboxArguments(), repositoryRoot, ...appArguments],
    cwd: repositoryRoot,
    env: cleanEnvironment(env),
    chromiumSandbox: !isRoot,
    // Playwright would pretend a light theme; the tour switches the real one.
    colorScheme: null,
    timeout: 60_000,
  });
  let text = '';
  const keep = (part) => (text = (text + part).slice(-8000));
  // Playwright forgets the process once the app is closed.
  const child = app.process();
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  return { app, output: () => text, close: () => closeApp(app, child) };
}

async function closeApp(app, child) {
  await Promise.race([app.close().catch(() => {}), delay(closeTimeoutMs, undefined, { ref: false })]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

// Either variable would turn Electron into something else than the app.
function cleanEnvironment(env) {
  const rest = { ...env };
  delete rest.ELECTRON_RUN_AS_NODE;
  delete rest.NODE_OPTIONS;
  return rest;
}
