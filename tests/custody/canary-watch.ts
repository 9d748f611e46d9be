import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import type { LatchkeyProfile, RunningLatchkey } from '../e2e/fixtures.ts';
import type { RawServer } from '../harness/raw-server.ts';
import { processTree } from './process-tree.ts';
import { formsOf, scanProcessMemory } from './scan-process-memory.ts';

/** Where a key must never be. */
export const PLACES = [
  'chat-memory',
  'other-memory',
  'ipc',
  'dom',
  'output',
  'files',
  'logs',
  'arguments',
  'environment',
  'foreign-server',
] as const;

/** One of {@link PLACES}. */
export type Place = (typeof PLACES)[number];

/** What was found in one place. */
export interface PlaceReport {
  readonly place: Place;
  /** What was looked at, in words. */
  readonly searched: string;
  readonly hits: number;
}

/** What is being watched for a canary. */
export interface CanaryWatch {
  readonly canary: string;
  readonly latchkey: RunningLatchkey;
  readonly profile: LatchkeyProfile;
  /** A server nobody should ever ask. */
  readonly foreignServer: RawServer;
}

interface Tap {
  latchkeyTranscript?: string[];
}

/** From now on main keeps a copy of everything that crosses IPC to or from the chat window. */
export async function tapChatWindow(electron: ElectronApplication): Promise<void> {
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

/** Looks everywhere, while the app runs. */
export async function searchEverywhere(watch: CanaryWatch): Promise<readonly PlaceReport[]> {
  return [...(await searchMemory(watch)), ...(await searchBesidesMemory(watch))];
}

/** All places but memory, which takes the longest. */
export async function searchBesidesMemory(watch: CanaryWatch): Promise<readonly PlaceReport[]> {
  const { latchkey, canary, foreignServer } = watch;
  const transcript = await latchkey.electron.evaluate(() => (globalThis as Tap).latchkeyTranscript ?? []);
  const received = foreignServer.requests.map(({ head, body }) => head + body);
  return [
    report('ipc', `${transcript.length} messages`, countIn(transcript.join('\n'), canary)),
    report('dom', 'the chat window', countIn(await latchkey.chat.content(), canary)),
    report('output', 'stdout and stderr', countIn(latchkey.output(), canary)),
    ...searchFiles(watch),
    ...searchProcesses(watch),
    report('foreign-server', `${received.length} requests`, countIn(received.join('\n'), canary)),
  ];
}

/** The chat window's renderer, and every other process of Chromium's but main and the key window, which may know the key. */
export async function searchMemory({ latchkey, canary }: CanaryWatch): Promise<PlaceReport[]> {
  const { chat, others } = await latchkey.electron.evaluate(({ app, webContents }) => {
    const pages = webContents.getAllWebContents();
    const pidOf = (origin: string) =>
      pages.find((contents) => contents.getURL().startsWith(origin))?.getOSProcessId() ?? 0;
    const mayKnow = [process.pid, pidOf('app://key/'), pidOf('app://chat/')];
    const all = app.getAppMetrics().map(({ pid }) => pid);
    return { chat: pidOf('app://chat/'), others: all.filter((pid) => !mayKnow.includes(pid)) };
  });
  const chatScan = scanProcessMemory(chat, canary);
  const otherScans = others.map((pid) => scanProcessMemory(pid, canary));
  const sum = (key: 'bytes' | 'mappings') => otherScans.reduce((total, scan) => total + scan[key], 0);
  const words = (mappings: number, bytes: number) => `${mappings} mappings, ${Math.round(bytes / 1e6)} MB`;
  return [
    report('chat-memory', words(chatScan.mappings, chatScan.bytes), chatScan.hits.length),
    report(
      'other-memory',
      `${others.length} processes, ${words(sum('mappings'), sum('bytes'))}`,
      otherScans.reduce((total, scan) => total + scan.hits.length, 0),
    ),
  ];
}

/** Every file below the test's own world: profile, home, caches, temporary files, keyring, network logs. */
export function searchFiles({ profile, canary }: Pick<CanaryWatch, 'profile' | 'canary'>): PlaceReport[] {
  const files = readdirSync(profile.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const isLog = (file: string) => file.includes(`${path.sep}logs${path.sep}`);
  const hitsIn = (some: readonly string[]) =>
    some.reduce((total, file) => total + countIn(readFileSync(file), canary), 0);
  const [logs, others] = [files.filter(isLog), files.filter((file) => !isLog(file))];
  return [
    report('files', `${others.length} files`, hitsIn(others)),
    report('logs', `${logs.length} files`, hitsIn(logs)),
  ];
}

function searchProcesses({ latchkey, canary }: CanaryWatch): PlaceReport[] {
  const tree = processTree(latchkey.pid);
  const hitsIn = (part: 'commandLine' | 'environment') =>
    tree.reduce((total, facts) => total + countIn(facts[part], canary), 0);
  return [
    report('arguments', `${tree.length} processes`, hitsIn('commandLine')),
    report('environment', `${tree.length} processes`, hitsIn('environment')),
  ];
}

function report(place: Place, searched: string, hits: number): PlaceReport {
  return { place, searched, hits };
}

/** In how many of its forms the canary is there. */
function countIn(content: string | Buffer, canary: string): number {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return [...formsOf(canary).values()].filter((needle) => bytes.includes(needle)).length;
}

/** Prints the reports as rows of a table. */
export function printReports(moment: string, reports: readonly PlaceReport[]): void {
  for (const { place, searched, hits } of reports) {
    process.stdout.write(
      `| ${moment.padEnd(14)} | ${place.padEnd(14)} | ${searched.padEnd(36)} | hits: ${hits} |\n`,
    );
  }
}
