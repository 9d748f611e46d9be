import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';

import { cacheRoot, inRepository } from './paths.mjs';
import { progress, SetupError } from './progress.mjs';
import { buildFromRegistry } from './registry-package.mjs';
import { runProcess } from './run-process.mjs';

const version = '24.21.0';
// Of the packages node-<platform>-<arch>, which the npm registry serves; only these were checked and pinned.
const integrities = {
  'linux-x64':
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'linux-arm64':
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};

const platform = `${process.platform}-${process.arch}`;
const folder = path.join(cacheRoot, `node-${version}-${platform}`);
const cachedNode = path.join(folder, 'bin/node');

/**
 * The path of a Node that is new enough: this process's own, or one from the npm registry kept in the cache.
 * The machine's own Node is left alone.
 */
export async function ensureNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  if (!existsSync(cachedNode)) await installNode();
  progress('Node', `${version} from the cache (this machine has ${process.versions.node})`);
  return cachedNode;
}

/**
 * Links the cached Node as node_modules/.bin/node, which npm scripts find first. `npm ci` empties that folder, so this runs
 * after it.
 */
export async function linkNode(nodePath) {
  if (nodePath !== cachedNode) return;
  const link = inRepository('node_modules/.bin/node');
  if ((await readlink(link).catch(() => undefined)) === nodePath) return;
  await mkdir(path.dirname(link), { recursive: true });
  const temporary = `${link}.${process.pid}`;
  await symlink(nodePath, temporary);
  await rename(temporary, link);
  progress('Node', 'linked for the npm scripts');
}

/** An environment in which `node` and `npm` run on `nodePath`. */
export function withNode(nodePath, env = process.env) {
  return { ...env, PATH: `${path.dirname(nodePath)}${path.delimiter}${env.PATH ?? ''}` };
}

async function installNode() {
  const integrity = integrities[platform];
  if (integrity === undefined) {
    throw new SetupError(
      `Latchkey needs Node ${minimum().join('.')} or newer; this is ${process.versions.node}. Please install a newer one.`,
    );
  }
  const build = (source, target) => rename(path.join(source, 'bin'), path.join(target, 'bin'));
  await buildFromRegistry({
    spec: `node-${platform}@${version}`,
    integrity,
    destination: folder,
    subject: 'Node',
    build,
  });
  const { code, stdout } = await runProcess(cachedNode, ['--version']);
  if (code === 0 && stdout.trim() === `v${version}`) return;
  await rm(folder, { recursive: true, force: true });
  throw new SetupError(
    `The Node from the npm registry does not run on this machine; please install Node ${minimum().join('.')} or newer.`,
  );
}

function isNewEnough(candidate) {
  const [major, minor] = candidate.split('.').map(Number);
  const [neededMajor, neededMinor] = minimum();
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

// package.json says `>=22.12.0`; it is the only place for that number.
function minimum() {
  const { engines } = JSON.parse(readFileSync(inRepository('package.json'), 'utf8'));
  return engines.node.replace(/^>=/, '').split('.').map(Number);
}
