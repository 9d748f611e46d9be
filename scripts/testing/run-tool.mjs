import { once } from 'node:events';

import { startChild, stopChild } from '../run/child.mjs';
import { repositoryRoot } from '../setup/paths.mjs';

const longestRunMs = 30 * 60_000;

/** Runs a Node program in the foreground to its end and returns `{ code }`; one that hangs is stopped and counts as failed. */
export async function runTool([program, ...args], { env }) {
  const child = startChild(process.execPath, [program, ...args], {
    cwd: repositoryRoot,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const timer = setTimeout(() => {
    process.stderr.write(`\n${program} was stopped: it ran for ${longestRunMs / 60_000} minutes\n`);
    void stopChild(child);
  }, longestRunMs);
  const [code] = await once(child, 'exit');
  clearTimeout(timer);
  return { code: code ?? 1 };
}
