import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { cacheRoot, inRepository } from './paths.mjs';
import { progress } from './progress.mjs';
import { runProcess } from './run-process.mjs';

const downloadTimeoutMs = 180_000;
const failureIsRememberedMs = 24 * 60 * 60_000;
const packageFolder = inRepository('node_modules/electron');

/**
 * Electron's own build of the version pinned in package.json, downloaded by Electron's own install script when it is not
 * there yet; `undefined` when it cannot be had. A failure is remembered for a day so that the next start is quick.
 */
export async function ensureOfficialRuntime() {
  const installed = findInstalled();
  if (installed || process.env.LATCHKEY_ELECTRON_DOWNLOAD === 'never') return installed;
  const retry = process.env.LATCHKEY_ELECTRON_DOWNLOAD === 'retry';
  if (!retry && isFailureRecent()) return undefined;
  progress('Electron', `downloading Electron ${pinnedVersion()} (at most ${downloadTimeoutMs / 1000} s)`);
  const reason = await runInstallScript();
  const downloaded = findInstalled();
  if (downloaded) {
    await rm(failureFile(), { force: true });
    return downloaded;
  }
  progress('Electron', `its own download did not work here: ${reason}`);
  await mkdir(cacheRoot, { recursive: true });
  await writeFile(failureFile(), JSON.stringify({ failedAt: Date.now(), reason }));
  // One process asks once: the failure just seen also counts under `retry`.
  delete process.env.LATCHKEY_ELECTRON_DOWNLOAD;
  return undefined;
}

function findInstalled() {
  try {
    const version = readFileSync(path.join(packageFolder, 'dist/version'), 'utf8').trim().replace(/^v/, '');
    const executable = readFileSync(path.join(packageFolder, 'path.txt'), 'utf8').trim();
    const distPath = path.join(packageFolder, 'dist');
    const executablePath = path.join(distPath, executable);
    if (version !== pinnedVersion() || !existsSync(executablePath)) return undefined;
    return { distPath, executablePath, version };
  } catch {
    return undefined; // Not downloaded yet, or half unpacked: the install script starts over.
  }
}

async function runInstallScript() {
  const env = { ...process.env };
  delete env.ELECTRON_OVERRIDE_DIST_PATH;
  const result = await runProcess(process.execPath, [path.join(packageFolder, 'install.js')], {
    cwd: packageFolder,
    env,
    timeoutMs: downloadTimeoutMs,
  });
  if (result.timedOut) return `no answer within ${downloadTimeoutMs / 1000} s`;
  return summarize(result.stderr) || `its install script ended with code ${result.code}`;
}

// The script prints stack traces; the first line and the innermost cause are all a reader needs.
function summarize(stderr) {
  const first = stderr.trim().split('\n')[0] ?? '';
  if (first === 'TypeError: fetch failed') return 'its server cannot be reached';
  const cause = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|UND_ERR_[A-Z_]+)\b/.exec(stderr);
  return (cause && !first.includes(cause[1]) ? `${first} (${cause[1]})` : first).slice(0, 160);
}

function pinnedVersion() {
  return JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')).version;
}

function isFailureRecent() {
  try {
    return Date.now() - JSON.parse(readFileSync(failureFile(), 'utf8')).failedAt < failureIsRememberedMs;
  } catch {
    return false;
  }
}

// A new version, mirror or proxy deserves a new attempt, so all of them are part of the name.
function failureFile() {
  const relevant = Object.entries(process.env)
    .filter(([name]) => /^(npm_config_)?electron_(mirror|custom|nightly)|^(https?|no)_proxy$/i.test(name))
    .sort()
    .join('\n');
  const key = createHash('sha256').update(`${pinnedVersion()}\n${relevant}`).digest('hex').slice(0, 12);
  return path.join(cacheRoot, `electron-download-failed-${key}.json`);
}
