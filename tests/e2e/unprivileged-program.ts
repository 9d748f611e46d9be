import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyElectron, type ElectronRuntime } from '../../scripts/setup/electron-runtime.mjs';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Debian's `nobody`: owns nothing and belongs to no group that matters. */
export const NOBODY = { uid: 65_534, gid: 65_534 } as const;

/** What the app needs at run time; everything else is bundled. */
const PARTS = [
  'package.json',
  'out/main',
  'out/preload',
  'out/renderer',
  'resources',
  'node_modules/@photostructure/sqlite',
  'node_modules/node-gyp-build',
];

/**
 * Puts Electron and the built app where another user can read them, and a launcher that becomes that user. Chromium's sandbox
 * refuses to run as root, so this is the only way to see it on a machine where the tests do.
 */
export async function prepareUnprivilegedProgram(
  folder: string,
  runtime: ElectronRuntime,
): Promise<{ readonly executablePath: string; readonly app: string }> {
  mkdirSync(folder, { mode: 0o755 });
  chmodSync(folder, 0o755);
  const electron = await copyElectron(runtime, path.join(folder, 'electron'));
  const app = path.join(folder, 'app');
  for (const part of PARTS) {
    cpSync(path.join(REPOSITORY, part), path.join(app, part), { recursive: true, dereference: true });
  }
  const launcher = path.join(folder, 'electron-as-nobody');
  const { uid, gid } = NOBODY;
  writeFileSync(
    launcher,
    `#!/bin/sh\nexec setpriv --reuid=${uid} --regid=${gid} --clear-groups -- '${electron.executablePath}' "$@"\n`,
  );
  chmodSync(launcher, 0o755);
  return { executablePath: launcher, app };
}
