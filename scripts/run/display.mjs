import { startChild, stopChild } from './child.mjs';

const startTimeoutMs = 10_000;

/** Whether a window can be shown where this process runs. */
export function hasDisplay(env = process.env) {
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Starts Xvfb on a free display number and returns `{ env: { DISPLAY }, stop() }`. With `{ reuse: true }` an existing display
 * is used instead. With `frameBufferFolder` what is on the screen can be read from the file `Xvfb_screen0` there, as XWD.
 */
export async function startDisplay({ reuse = false, width = 1600, height = 1000, frameBufferFolder } = {}) {
  if (reuse && hasDisplay()) return { env: {}, stop: async () => {} };
  const screen = `${width}x${height}x24`;
  // `-displayfd 3`: the server picks a free number and writes it to descriptor 3 once it accepts clients.
  // `-noreset`: without it the server starts anew when its last client leaves, and refuses whoever comes just then.
  const options = ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp', '-ac', '-noreset'];
  if (frameBufferFolder) options.push('-fbdir', frameBufferFolder);
  const child = startChild('Xvfb', options, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await readDisplayNumber(child);
  return { env: { DISPLAY: `:${number}` }, stop: () => stopChild(child) };
}

function readDisplayNumber(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (reason) => reject(new Error(`Xvfb did not start: ${reason}`));
    const timer = setTimeout(() => fail('no answer'), startTimeoutMs);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`exit code ${code}`));
    child.stdio[3].setEncoding('utf8').on('data', (part) => {
      text += part;
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(text.trim());
    });
  });
}
