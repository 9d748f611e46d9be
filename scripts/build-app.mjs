import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';

import { inRepository } from './setup/paths.mjs';
import { progress, SetupError } from './setup/progress.mjs';
import { runProcess } from './setup/run-process.mjs';

const inputs = [
  'electron',
  'renderer',
  'resources',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];
const stampFile = inRepository('out/build-inputs.sha256');
const outputs = ['out/main', 'out/preload', 'out/renderer'].map((folder) => inRepository(folder));

/** Builds out/main, out/preload and out/renderer, unless they were built from exactly these inputs. */
export async function buildApp({ force = false } = {}) {
  const hash = hashInputs();
  if (!force && isBuiltFrom(hash)) return progress('Build', 'up to date');
  progress('Build', 'electron-vite build');
  await rm(stampFile, { force: true });
  const startedAt = Date.now();
  const command = inRepository('node_modules/electron-vite/bin/electron-vite.js');
  const result = await runProcess(process.execPath, [command, 'build', '--logLevel', 'warn'], {
    cwd: inRepository(),
  });
  const missing = outputs.filter((folder) => !existsSync(folder));
  if (result.code !== 0 || missing.length > 0) {
    throw new SetupError(
      `The build failed (code ${result.code}).\n${`${result.stdout}\n${result.stderr}`.trim()}`,
    );
  }
  writeFileSync(stampFile, hash);
  progress('Build', `done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

function isBuiltFrom(hash) {
  return (
    outputs.every((folder) => existsSync(folder)) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === hash
  );
}

function hashInputs() {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((name) => listFiles(inRepository(name)))) {
    hash
      .update(`${path.relative(inRepository(), file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function listFiles(target) {
  if (!existsSync(target)) return [];
  if (statSync(target).isFile()) return /\.test\.tsx?$/.test(target) ? [] : [target];
  return readdirSync(target)
    .sort()
    .flatMap((name) => listFiles(path.join(target, name)));
}
