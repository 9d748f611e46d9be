import type { ElectronApplication } from '@playwright/test';

interface SocketWatch {
  latchkeySockets?: string[];
}

/** From now on main notes the remote address of every socket Node opens. Chromium's are in its network log. */
export async function watchNodeSockets(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(() => {
    const channel = process.getBuiltinModule('node:diagnostics_channel');
    const seen: string[] = [];
    (globalThis as SocketWatch).latchkeySockets = seen;
    channel.subscribe('net.client.socket', (message) => {
      const { socket } = message as { socket: import('node:net').Socket };
      socket.once('lookup', (_error: unknown, address: string) => seen.push(address));
      socket.once('connect', () => seen.push(socket.remoteAddress ?? 'unix'));
    });
  });
}

/** The addresses noted so far; none of an app that has ended by itself. */
export async function readNodeSockets(electron: ElectronApplication): Promise<readonly string[]> {
  if (electron.process().exitCode !== null) return [];
  return electron.evaluate(() => (globalThis as SocketWatch).latchkeySockets ?? []);
}
