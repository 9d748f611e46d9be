import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Where downloads rest between runs and between clones, outside the clone and outside npm's own cache. */
export const cacheRoot = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'latchkey');

/** Resolves a path inside the repository. */
export function inRepository(...segments) {
  return path.join(repositoryRoot, ...segments);
}
