import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

import { cacheRoot } from './paths.mjs';
import { progress, SetupError } from './progress.mjs';
import { runNpm, runProcess } from './run-process.mjs';

const downloadTimeoutMs = 15 * 60_000;

/**
 * Fetches one package tarball from the npm registry, checks it against a pinned sha512 and hands the unpacked folder to
 * `build(source, target)`. `target` replaces `destination` only when all of it succeeded: a half-done cache is never used.
 */
export async function buildFromRegistry({ spec, integrity, destination, subject, build }) {
  await mkdir(cacheRoot, { recursive: true });
  const workFolder = await mkdtemp(path.join(cacheRoot, 'incoming-'));
  try {
    const tarball = await download(spec, workFolder, subject);
    await verify(tarball, spec, integrity);
    progress(subject, 'checksum matches the pinned sha512; unpacking');
    const source = await unpack(tarball, workFolder);
    const target = path.join(workFolder, 'ready');
    await mkdir(target);
    await build(source, target);
    await moveIntoPlace(target, destination);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function download(spec, workFolder, subject) {
  progress(subject, `downloading ${spec} from the npm registry`);
  const result = await runNpm(['pack', spec, '--silent', '--pack-destination', workFolder], {
    cwd: workFolder,
    timeoutMs: downloadTimeoutMs,
  });
  const tarball = (await readdir(workFolder)).find((name) => name.endsWith('.tgz'));
  if (result.code !== 0 || tarball === undefined) {
    throw new SetupError(`Could not download ${spec} from the npm registry:\n${lastLines(result.stderr)}`);
  }
  return path.join(workFolder, tarball);
}

async function verify(tarball, spec, integrity) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  const actual = `sha512-${hash.digest('base64')}`;
  if (actual !== integrity) {
    throw new SetupError(
      `${spec} is not what was pinned and was thrown away.\n  pinned ${integrity}\n  got    ${actual}`,
    );
  }
}

async function unpack(tarball, workFolder) {
  const result = await runProcess('tar', ['-xzf', tarball, '-C', workFolder]);
  if (result.code !== 0)
    throw new SetupError(`Could not unpack ${path.basename(tarball)}:\n${lastLines(result.stderr)}`);
  return path.join(workFolder, 'package');
}

async function moveIntoPlace(target, destination) {
  await mkdir(path.dirname(destination), { recursive: true });
  try {
    await rename(target, destination);
  } catch (error) {
    // Another start finished the same work first: its result passed the same checks.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
}

function lastLines(text) {
  return text.trim().split('\n').slice(-6).join('\n');
}
