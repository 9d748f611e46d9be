import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import {
  assistantStatus,
  clickAndSeeClosed,
  expect,
  fillConnection,
  send,
  test,
  typeKey,
  type RunningLatchkey,
} from './fixtures.ts';
import { formsOf, scanProcessMemory } from './scan-process-memory.ts';
import { startRawServer } from '../harness/raw-server.ts';

const CANARY = 'sk-canary-Zq8vK3xW1pLm7RtY5nBc2Hd9-7e1c';

interface Tap {
  latchkeyTranscript?: string[];
}

/** From now on main keeps a copy of everything that crosses IPC to or from the chat window. */
async function tapChatWindow(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(({ BrowserWindow, ipcMain }) => {
    const transcript: string[] = [];
    (globalThis as Tap).latchkeyTranscript = transcript;
    const chat = BrowserWindow.getAllWindows()[0]?.webContents;
    if (chat === undefined) throw new Error('no chat window');
    const send = chat.send.bind(chat);
    chat.send = (channel: string, ...values: unknown[]) => {
      transcript.push(JSON.stringify(values));
      send(channel, ...values);
    };
    type Handler = (event: Electron.IpcMainInvokeEvent, ...values: unknown[]) => Promise<unknown>;
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
    for (const [channel, handler] of handlers) {
      handlers.set(channel, async (event, ...values) => {
        const answer = await handler(event, ...values);
        if (event.sender.id === chat.id) transcript.push(JSON.stringify([values, answer]));
        return answer;
      });
    }
  });
}

async function chatRendererPid({ electron }: RunningLatchkey): Promise<number> {
  return electron.evaluate(({ webContents }) => {
    const chat = webContents
      .getAllWebContents()
      .find((contents) => contents.getURL().startsWith('app://chat/'));
    return chat?.getOSProcessId() ?? 0;
  });
}

/** Every place the chat side or the disk could hold the canary, with the number of hits. */
async function searchEverywhere(latchkey: RunningLatchkey, folder: string): Promise<Record<string, number>> {
  const memory = scanProcessMemory(await chatRendererPid(latchkey), CANARY);
  const transcript = await latchkey.electron.evaluate(() => (globalThis as Tap).latchkeyTranscript ?? []);
  expect(memory.bytes).toBeGreaterThan(10_000_000);
  expect(transcript.length).toBeGreaterThan(0);
  return {
    [`chat renderer memory (${memory.mappings} mappings, ${Math.round(memory.bytes / 1e6)} MB)`]:
      memory.hits.length,
    [`chat window IPC transcript (${transcript.length} messages)`]: count(transcript.join('\n')),
    'chat window DOM': count(await latchkey.chat.content()),
    'stdout and stderr': count(latchkey.output()),
    ...searchFiles(folder),
  };
}

function searchFiles(folder: string): Record<string, number> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const hits = files.filter((entry) => {
    const content = readFileSync(path.join(entry.parentPath, entry.name));
    return [...formsOf(CANARY).values()].some((needle) => content.includes(needle));
  });
  return { [`${files.length} files: ${hits.map(({ name }) => name).join(' ')}`]: hits.length };
}

function count(text: string): number {
  const content = Buffer.from(text, 'utf8');
  return [...formsOf(CANARY).values()].filter((needle) => content.includes(needle)).length;
}

function expectNowhere(moment: string, places: Readonly<Record<string, number>>): void {
  for (const [place, hits] of Object.entries(places))
    process.stdout.write(`canary ${moment}: ${place}: ${hits}\n`);
  expect(
    Object.values(places).every((hits) => hits === 0),
    JSON.stringify(places),
  ).toBe(true);
}

test('a key is nowhere on the chat side or on disk: while typed, once saved, once used', async ({
  profile,
  latchkey,
}) => {
  const provider = await startRawServer((_request, socket) => {
    const body = JSON.stringify({
      error: { message: `Incorrect API key provided: ${CANARY}`, code: 'invalid_api_key' },
    });
    socket.end(
      `HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  await tapChatWindow(latchkey.electron);
  const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
  const keyWindow = await latchkey.openKeyWindow(() => opener.click());
  await fillConnection(keyWindow, { baseUrl: provider.baseUrl });
  await typeKey(keyWindow, CANARY);
  expect(await keyWindow.getByLabel('API key', { exact: true }).inputValue()).toBe(CANARY);
  expectNowhere('while typed', await searchEverywhere(latchkey, profile.folder));

  await clickAndSeeClosed(keyWindow, 'Save key');
  await expect(latchkey.chat.getByRole('group', { name: 'Key' })).toContainText('7e1c');
  expectNowhere('once saved', await searchEverywhere(latchkey, profile.folder));

  await latchkey.chat.getByRole('combobox', { name: 'Model' }).fill('some-model');
  await latchkey.chat.keyboard.press('Enter');
  await send(latchkey.chat, 'Hello');
  await expect(assistantStatus(latchkey.chat)).toHaveText(/Failed/);
  expect(provider.requests.some(({ head }) => head.includes(`Bearer ${CANARY}`))).toBe(true);
  expectNowhere('once used', await searchEverywhere(latchkey, profile.folder));
  await latchkey.quit();
  expectNowhere('after quitting', searchFiles(profile.folder));
  await provider.stop();
});

test('the scanner finds the same string once it is sent as a message', async ({ profile, server }) => {
  server.onMessage(/./, { content: 'ok' });
  const latchkey = await profile.launch({ args: [`--demo-server=${server.url}/v1`] });
  await tapChatWindow(latchkey.electron);
  await latchkey.chat.getByRole('button', { name: 'Use local demo' }).click();
  await send(latchkey.chat, `my canary is ${CANARY}`);
  await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
  const places = await searchEverywhere(latchkey, profile.folder);
  for (const [place, hits] of Object.entries(places)) process.stdout.write(`control: ${place}: ${hits}\n`);
  for (const [place, hits] of Object.entries(places)) {
    if (!place.startsWith('stdout')) expect(hits, place).toBeGreaterThan(0);
  }
});
