import { spawn } from 'node:child_process';

const keptCharacters = 4_000_000;

/**
 * Runs a program to its end and returns `{ code, signal, timedOut, stdout, stderr }`; it never rejects for a failing
 * program. With `show` the output goes straight to this terminal and is not captured.
 */
export function runProcess(command, args, options = {}) {
  const { cwd, env = process.env, show = false, timeoutMs, shell = false } = options;
  return new Promise((resolve) => {
    const stdio = show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd, env, stdio, shell });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    child.stdout?.setEncoding('utf8').on('data', (text) => (stdout = (stdout + text).slice(-keptCharacters)));
    child.stderr?.setEncoding('utf8').on('data', (text) => (stderr = (stderr + text).slice(-keptCharacters)));
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, timeoutMs);
    const finish = (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, timedOut, stdout, stderr });
    };
    child.on('error', (error) => {
      stderr += error.message;
      finish(127, null);
    });
    child.on('close', finish);
  });
}

/** Runs npm with the Node that runs this script; Windows needs a shell to find npm.cmd. */
export function runNpm(args, options = {}) {
  return runProcess('npm', args, { ...options, shell: process.platform === 'win32' });
}
