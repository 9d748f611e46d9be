import { spawn } from 'node:child_process';
import { once } from 'node:events';

const graceMs = 2000;
const running = new Set();

// However this process ends, nothing that it started stays behind.
process.once('exit', () => {
  for (const child of running) killNow(child);
});

/**
 * Starts a long-running helper in its own process group and returns the child. `stop()` it with `stopChild`; when this
 * process ends first it is killed.
 */
export function startChild(command, args, options = {}) {
  const child = spawn(command, args, { detached: true, ...options });
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.on('error', () => running.delete(child));
  return child;
}

/** Ends a child of `startChild` and its whole process group: politely, then by force. */
export async function stopChild(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => killNow(child), graceMs);
  await exited;
  clearTimeout(timer);
}

/** Kills everything that was started and lets a signal end this process with the usual code. */
export function stopOnSignals(stop = async () => {}) {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(signal, () => {
      void Promise.race([stop(), new Promise((resolve) => setTimeout(resolve, graceMs))]).finally(() =>
        process.exit(code),
      );
    });
  }
}

function killNow(child) {
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal); // The group is gone, or belongs to another user: the child itself may still be ours.
  }
}
