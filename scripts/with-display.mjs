// Runs a command with a display, a virtual one if there is none: `node scripts/with-display.mjs [--keyring] command args`.
// With --keyring it runs inside a private D-Bus session with an unlocked gnome-keyring.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startChild, stopChild, stopOnSignals } from './run/child.mjs';
import { startDisplay } from './run/display.mjs';
import { startKeyring } from './run/keyring.mjs';
import { runCommand, SetupError } from './setup/progress.mjs';

await runCommand(async () => {
  const args = process.argv.slice(2);
  const hasKeyring = args[0] === '--keyring';
  const [command, ...rest] = hasKeyring ? args.slice(1) : args;
  if (command === undefined)
    throw new SetupError('Usage: node scripts/with-display.mjs [--keyring] command [arguments]');
  const closers = [];
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  stopOnSignals(stop);
  try {
    const display = await startDisplay({ reuse: true });
    closers.push(display.stop);
    const env = { ...process.env, ...display.env, ...(hasKeyring ? await bringKeyring(closers) : {}) };
    const child = startChild(command, rest, { stdio: 'inherit', env });
    closers.push(() => stopChild(child));
    const [code] = await once(child, 'exit');
    return code ?? 1;
  } finally {
    await stop();
  }
});

async function bringKeyring(closers) {
  const dir = await mkdtemp(path.join(tmpdir(), 'latchkey-keyring-'));
  closers.push(() => rm(dir, { recursive: true, force: true }));
  const keyring = await startKeyring({ dir });
  closers.push(keyring.stop);
  return keyring.env;
}
