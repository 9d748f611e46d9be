import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CanaryWatch, Place } from './canary-watch.ts';

/** Really leaks the canary into each place, so that it can be seen that the search finds it there. */
export const PLANTS: Readonly<Record<Place, (watch: CanaryWatch) => Promise<void>>> = {
  'chat-memory': async ({ latchkey, canary }) => {
    await latchkey.chat.evaluate((text) => {
      Object.assign(globalThis, { planted: text });
    }, canary);
  },
  'other-memory': async ({ latchkey, canary }) => {
    // A cookie of an in-memory session lives in the network process, and nowhere else.
    await latchkey.electron.evaluate(async ({ session }, value) => {
      const { cookies } = session.fromPartition('planted');
      await cookies.set({ url: 'https://planted.example', name: 'planted', value });
    }, canary);
  },
  ipc: async ({ latchkey, canary }) => {
    await latchkey.electron.evaluate(({ webContents }, text) => {
      const chat = webContents
        .getAllWebContents()
        .find((contents) => contents.getURL().startsWith('app://chat/'));
      chat?.send('planted', text);
    }, canary);
  },
  dom: async ({ latchkey, canary }) => {
    await latchkey.chat.evaluate((text) => {
      document.body.dataset['planted'] = text;
    }, canary);
  },
  output: async ({ latchkey, canary }) => {
    await latchkey.electron.evaluate(
      (_electron, text) => new Promise((resolve) => void process.stdout.write(`${text}\n`, resolve)),
      canary,
    );
  },
  files: ({ profile, canary }) => {
    writeFileSync(path.join(profile.profileFolder, 'planted.json'), JSON.stringify({ key: canary }));
    return Promise.resolve();
  },
  logs: ({ profile, canary }) => {
    const folder = path.join(profile.profileFolder, 'logs');
    mkdirSync(folder, { recursive: true });
    appendFileSync(
      path.join(folder, 'latchkey.log'),
      `request failed: ${Buffer.from(canary).toString('base64')}\n`,
    );
    return Promise.resolve();
  },
  arguments: (watch) => startChild(watch, 'arguments'),
  environment: (watch) => startChild(watch, 'environment'),
  'foreign-server': async ({ latchkey, foreignServer, canary }) => {
    await latchkey.electron.evaluate(
      async (_electron, { url, text }) => {
        await fetch(url, { headers: { authorization: `Bearer ${text}` } }).catch(() => null);
      },
      { url: foreignServer.baseUrl, text: canary },
    );
  },
};

/** A child of main that carries the canary where everybody can read it. It ends by itself. */
async function startChild(
  { latchkey, canary }: CanaryWatch,
  where: 'arguments' | 'environment',
): Promise<void> {
  await latchkey.electron.evaluate(
    async (_electron, { text, place }) => {
      const { spawn } = process.getBuiltinModule('node:child_process');
      const args = place === 'arguments' ? [text] : [];
      const env = place === 'environment' ? { ...process.env, PLANTED: text } : process.env;
      const child = spawn('/bin/sh', ['-c', 'sleep 20; true', ...args], { env, stdio: 'ignore' });
      await new Promise((resolve) => child.once('spawn', resolve));
    },
    { text: canary, place: where },
  );
}
