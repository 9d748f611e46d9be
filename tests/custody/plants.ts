import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { classifyProcesses } from './classify-processes.ts';
import type { CanaryWatch } from './search-everywhere.ts';

/** Really leaks the canary into each place, so that it can be seen that the search finds it there. */
export const PLANTS: Readonly<Record<string, (watch: CanaryWatch) => Promise<void>>> = {
  'chat-memory': async ({ latchkey, canary }) => {
    await latchkey.chat.evaluate((text) => {
      Object.assign(globalThis, { planted: text });
    }, canary);
  },
  'gpu-memory': async (watch) => {
    const [gpu] = (await classifyProcesses(watch.latchkey))['gpu-memory'];
    if (gpu === undefined) throw new Error('there is no GPU process');
    writeToStack(gpu, watch.canary);
  },
  'utility-memory': plantCookie,
  'other-memory': (watch) => startChild(watch, 'memory'),
  'core-file': async (watch) => {
    // The crash comes later in the journey; from here on the core of the network process has its memory, cookie and all.
    await plantCookie(watch);
    for (const pid of (await classifyProcesses(watch.latchkey))['utility-memory'])
      writeFileSync(`/proc/${pid}/coredump_filter`, '0x33');
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
  'files-elsewhere': async ({ latchkey, canary }) => {
    await latchkey.electron.evaluate(
      (_electron, { folder, text }) => {
        const { mkdtempSync, rmSync, writeFileSync: write } = process.getBuiltinModule('node:fs');
        const planted = mkdtempSync(`${folder}/lk-planted-`);
        write(`${planted}/note.txt`, text);
        process.once('exit', () => rmSync(planted, { recursive: true }));
      },
      { folder: tmpdir(), text: canary },
    );
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
  export: ({ profile, canary }) => {
    const database = new DatabaseSync(path.join(profile.profileFolder, 'history.sqlite'), { timeout: 5_000 });
    const [conversation, message] = [randomUUID(), randomUUID()];
    database
      .prepare(
        'INSERT INTO conversations (id, title, head_id, created_at, updated_at) VALUES (?, ?, ?, 1, 1)',
      )
      .run(conversation, 'planted', message);
    database
      .prepare(
        `INSERT INTO messages (id, conversation_id, role, text, state, created_at) VALUES (?, ?, 'user', ?, 'done', 1)`,
      )
      .run(message, conversation, canary);
    database.close();
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

/** A cookie of an in-memory session lives in the network process, and nowhere else. */
async function plantCookie({ latchkey, canary }: CanaryWatch): Promise<void> {
  await latchkey.electron.evaluate(async ({ session }, value) => {
    const { cookies } = session.fromPartition('planted');
    await cookies.set({ url: 'https://planted.example', name: 'planted', value });
  }, canary);
}

/** A page cannot be made to put text into the GPU process, so it is written to the far, unused end of its stack. */
function writeToStack(pid: number, text: string): void {
  const start = /^([0-9a-f]+)-.*\[stack\]$/m.exec(readFileSync(`/proc/${pid}/maps`, 'utf8'))?.[1];
  if (start === undefined) throw new Error(`process ${pid} has no stack`);
  const memory = openSync(`/proc/${pid}/mem`, 'r+');
  try {
    writeSync(memory, Buffer.from(text), 0, text.length, Number.parseInt(start, 16) + 64);
  } finally {
    closeSync(memory);
  }
}

/** A child of main that carries the canary where others can read it. It ends by itself. */
async function startChild(
  { latchkey, canary }: CanaryWatch,
  where: 'arguments' | 'environment' | 'memory',
): Promise<void> {
  await latchkey.electron.evaluate(
    async (_electron, { text, place }) => {
      const { spawn } = process.getBuiltinModule('node:child_process');
      const args = place === 'arguments' ? [text] : [];
      const env = place === 'environment' ? { ...process.env, PLANTED: text } : process.env;
      const script = 'read -r line; echo; sleep 20; true';
      const child = spawn('/bin/sh', ['-c', script, 'sh', ...args], {
        env,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      child.stdin.write(`${place === 'memory' ? text : ''}\n`);
      await new Promise((resolve) => child.stdout.once('data', resolve));
    },
    { text: canary, place: where },
  );
}
