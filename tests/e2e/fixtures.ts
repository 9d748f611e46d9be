import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LLMock } from '@copilotkit/aimock';
import { test as base, expect, _electron, type ElectronApplication, type Page } from '@playwright/test';
import { hasDisplay, startDisplay } from '../../scripts/run/display.mjs';
import { keyringArguments, startKeyring, type PrivateKeyring } from '../../scripts/run/keyring.mjs';
import {
  describeElectron,
  resolveElectron,
  type ElectronRuntime,
} from '../../scripts/setup/electron-runtime.mjs';
import { findSoftPreferences } from '../../electron/main/windows/hardened-preferences.ts';
import { readContacts } from './netlog.ts';
import { NOBODY, prepareUnprivilegedProgram } from './unprivileged-program.ts';
import { readMainNotes, watchMain, type WatchedPage } from './watch-main.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** How a test wants its Latchkey. */
export interface LatchkeyOptions {
  /** `gnome-keyring`: a real, private, unlocked one. `none`: no keyring and no bus to ask. */
  keystore: 'gnome-keyring' | 'none';
  /** `unprivileged`: as an ordinary user with Chromium's sandbox on, whoever runs the tests. */
  user: 'self' | 'unprivileged';
  /** Whether a locked keyring may show its real prompt, which nobody will answer. */
  hasPrompter: boolean;
  /** Whether conversations get titles from the server, which costs a request each. */
  makesTitles: boolean;
}

/** How one start differs from the usual. */
export interface LaunchOptions {
  /** Further arguments, e.g. a deep link or `--demo-server=`. */
  readonly args?: readonly string[];
  /** Another profile folder than the test's own. */
  readonly profileFolder?: string;
  /** Further environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running Latchkey. */
export interface RunningLatchkey {
  readonly electron: ElectronApplication;
  readonly chat: Page;
  /** Process id of main. */
  readonly pid: number;
  /** Everything it wrote to stdout and stderr. */
  output(): string;
  /** Presses `opener` and resolves to the key window's page. */
  openKeyWindow(opener: () => Promise<void>): Promise<Page>;
  /** Quits as a person would. */
  quit(): Promise<void>;
  /** Closes the chat window as a person would, which ends the program here; does not wait for that. */
  closeWindow(): Promise<void>;
  /** kill -9 of main, or another deadly signal; Chromium's other processes follow. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** A test's own world: folders, keyring, network logs. Start the app in it as often as needed. */
export interface LatchkeyProfile {
  /** Everything the app may write lies below this folder. */
  readonly folder: string;
  readonly profileFolder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Locks the keyring, as a log-out would. */
  lockKeyring(): Promise<void>;
  /** Opens the same keyring again, as a log-in would. One that is switched off comes back on a new bus: launch again then. */
  unlockKeyring(): Promise<void>;
  /** Takes the keyring away and its bus with it. */
  switchOffKeyring(): Promise<void>;
  launch(options?: LaunchOptions): Promise<RunningLatchkey>;
  /** Lets contacts that match pass at the end; for a positive control only. */
  expectContact(pattern: RegExp): void;
}

/** What an end-to-end test works with. */
export interface LatchkeyFixtures {
  readonly profile: LatchkeyProfile;
  /** The app, started once on a fresh profile. */
  readonly latchkey: RunningLatchkey;
  /** An OpenAI-compatible server on loopback. */
  readonly server: LLMock;
}

/** What the tests of one worker share. */
export interface WorkerFixtures {
  readonly runtime: ElectronRuntime;
  readonly displayEnv: Readonly<Record<string, string>>;
}

/** Playwright's `test`, with a real Latchkey. */
export const test = base.extend<LatchkeyFixtures & LatchkeyOptions, WorkerFixtures>({
  keystore: ['gnome-keyring', { option: true }],
  user: ['self', { option: true }],
  hasPrompter: [false, { option: true }],
  makesTitles: [false, { option: true }],

  runtime: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the fixtures' names from the pattern
    async ({}, use) => {
      const runtime = await resolveElectron();
      process.stdout.write(`e2e runs on ${describeElectron(runtime)}\n`);
      await use(runtime);
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  displayEnv: [
    // oxlint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      if (hasDisplay())
        return use({ ...(process.env['DISPLAY'] ? { DISPLAY: process.env['DISPLAY'] } : {}) });
      const display = await startDisplay();
      await use(display.env);
      await display.stop();
    },
    { scope: 'worker' },
  ],

  // oxlint-disable-next-line no-empty-pattern -- as above
  server: async ({}, use) => {
    const server = new LLMock({ port: 0 });
    await server.start();
    await use(server);
    await server.stop();
  },

  profile: async ({ runtime, displayEnv, keystore, user, hasPrompter, makesTitles }, use) => {
    await withProfile({ runtime, displayEnv, keystore, user, hasPrompter, makesTitles }, use);
  },

  latchkey: async ({ profile }, use) => {
    await use(await profile.launch());
  },
});

export { expect };

/**
 * Makes a world, hands it to `use`, ends what runs in it, and judges it: every page that was ever made, everything that was
 * ever contacted.
 */
export async function withProfile(
  { runtime, displayEnv, keystore, user, hasPrompter, makesTitles }: WorkerFixtures & LatchkeyOptions,
  use: (profile: LatchkeyProfile) => Promise<void>,
): Promise<void> {
  // Short: a socket's path may have 107 characters.
  const root = mkdtempSync(path.join(tmpdir(), 'lk-'));
  const isOtherUser = user === 'unprivileged' && process.getuid?.() === 0;
  if (isOtherUser) chmodSync(root, 0o755);
  const folder = path.join(root, 'w');
  mkdirSync(folder, { mode: 0o700 });
  const program = isOtherUser
    ? await prepareUnprivilegedProgram(path.join(root, 'program'), runtime)
    : { executablePath: runtime.executablePath, app: REPOSITORY };
  const env = { ...privateEnvironment(folder), ...displayEnv };
  writeSettings(path.join(folder, 'profile'), { makesTitles });
  if (isOtherUser) giveTo(folder, NOBODY);
  const openKeyring = () =>
    startKeyring({
      dir: path.join(folder, 'k'),
      ...(isOtherUser ? { user: NOBODY } : {}),
      ...(hasPrompter ? { prompterDisplay: displayEnv['DISPLAY'] ?? process.env['DISPLAY'] ?? '' } : {}),
    });
  const keyring = keystore === 'none' ? null : await openKeyring();
  const chromiumSandbox = user === 'unprivileged';
  const world = new World({ folder, keyring, openKeyring, program, chromiumSandbox, env });
  await use(world);
  await world.end();
  await world.switchOffKeyring();
  const contacts = world.contacts();
  rmSync(root, { recursive: true, force: true });
  expect(world.softPages(), 'pages that are not hardened').toEqual([]);
  expect(contacts, 'what Chromium or Node contacted besides the configured origin').toEqual([]);
}

interface Program {
  readonly executablePath: string;
  /** The app's folder, Electron's first argument. */
  readonly app: string;
}

class World implements LatchkeyProfile {
  readonly folder: string;
  readonly profileFolder: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #openKeyring: () => Promise<PrivateKeyring>;
  #keyring: PrivateKeyring | null;
  #isKeyringOn = true;
  readonly #program: Program;
  readonly #chromiumSandbox: boolean;
  readonly #running = new Set<ElectronApplication>();
  readonly #netLogs: string[] = [];
  readonly #nodeSockets: string[] = [];
  readonly #pages: WatchedPage[] = [];
  readonly #expected: RegExp[] = [];

  constructor(parts: {
    readonly folder: string;
    readonly keyring: PrivateKeyring | null;
    readonly openKeyring: () => Promise<PrivateKeyring>;
    readonly program: Program;
    readonly chromiumSandbox: boolean;
    readonly env: Readonly<Record<string, string>>;
  }) {
    this.folder = parts.folder;
    this.profileFolder = path.join(parts.folder, 'profile');
    this.#keyring = parts.keyring;
    this.#openKeyring = parts.openKeyring;
    this.#program = parts.program;
    this.#chromiumSandbox = parts.chromiumSandbox;
    this.#env = parts.env;
  }

  get env(): Readonly<Record<string, string>> {
    return { ...this.#env, ...this.#keyring?.env };
  }

  async lockKeyring(): Promise<void> {
    await this.#keyring?.lock();
  }

  async unlockKeyring(): Promise<void> {
    // Its daemon listens to its own user only.
    const canUnlock = this.#isKeyringOn && !this.#chromiumSandbox;
    if (canUnlock) return this.#keyring?.unlock();
    await this.switchOffKeyring();
    this.#keyring = await this.#openKeyring();
    this.#isKeyringOn = true;
  }

  async switchOffKeyring(): Promise<void> {
    this.#isKeyringOn = false;
    await this.#keyring?.stop();
  }

  async launch(options: LaunchOptions = {}): Promise<RunningLatchkey> {
    const netLog = path.join(this.folder, `netlog-${this.#netLogs.length}.json`);
    this.#netLogs.push(netLog);
    const electron = await _electron.launch({
      executablePath: this.#program.executablePath,
      args: [
        this.#program.app,
        `--user-data-dir=${options.profileFolder ?? this.profileFolder}`,
        `--log-net-log=${netLog}`,
        ...(this.#keyring === null ? ['--password-store=basic'] : keyringArguments),
        ...(options.args ?? []),
      ],
      cwd: this.folder,
      env: { ...this.env, ...options.env },
      chromiumSandbox: this.#chromiumSandbox,
      colorScheme: null,
      timeout: 60_000,
    });
    this.#running.add(electron);
    const running = await this.#watch(electron);
    return running;
  }

  /** Ends whatever still runs. */
  async end(): Promise<void> {
    for (const electron of this.#running) await this.#quit(electron);
  }

  expectContact(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** Call once everything has ended: Chromium completes its log on exit. */
  contacts(): readonly string[] {
    const chromium = this.#netLogs
      .flatMap((file) => readContacts(file))
      .map(({ kind, what }) => `Chromium ${kind} ${what}`);
    const node = this.#nodeSockets
      .filter((address) => !/^(?:127\.|::1|unix)/.test(address))
      .map((what) => `Node ${what}`);
    return [...new Set([...chromium, ...node])].filter(
      (contact) => !this.#expected.some((pattern) => pattern.test(contact)),
    );
  }

  async #watch(electron: ElectronApplication): Promise<RunningLatchkey> {
    const child = electron.process();
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => (output += bytes.toString()));
    await watchMain(electron);
    const chat = await electron.firstWindow();
    await chat.waitForLoadState();
    return {
      electron,
      chat,
      pid: child.pid ?? 0,
      output: () => output,
      openKeyWindow: async (opener) => {
        const [page] = await Promise.all([electron.waitForEvent('window'), opener()]);
        await expect(page).toHaveTitle('API key - Latchkey');
        return page;
      },
      quit: () => this.#quit(electron),
      closeWindow: async () => {
        await this.#note(electron);
        this.#running.delete(electron);
        await chat.close();
      },
      kill: async (signal = 'SIGKILL') => {
        await this.#note(electron);
        const ended = new Promise((resolve) => child.once('exit', resolve));
        this.#running.delete(electron);
        child.kill(signal);
        await ended;
      },
    };
  }

  /** Pages whose settings are softer than ours, of all that ever were. */
  softPages(): readonly string[] {
    return this.#pages.flatMap(({ url, preferences }) => {
      const isSandboxed = preferences['sandbox'] === true && preferences['contextIsolation'] === true;
      const soft = [...findSoftPreferences(preferences), ...(isSandboxed ? [] : ['sandbox'])];
      return soft.length === 0 ? [] : [`${url}: ${soft.join(', ')}`];
    });
  }

  async #note(electron: ElectronApplication): Promise<void> {
    const { sockets, pages } = await readMainNotes(electron);
    this.#nodeSockets.push(...sockets);
    this.#pages.push(...pages);
  }

  async #quit(electron: ElectronApplication): Promise<void> {
    if (!this.#running.delete(electron)) return;
    await this.#note(electron);
    await electron.close();
  }
}

function giveTo(folder: string, { uid, gid }: typeof NOBODY): void {
  for (const entry of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    chownSync(path.join(folder, entry), uid, gid);
  }
}

/** What a person could have set, before the first start. */
function writeSettings(profileFolder: string, settings: object): void {
  mkdirSync(profileFolder, { mode: 0o700 });
  writeFileSync(path.join(profileFolder, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
}

/** Nothing of the machine's own session: no bus, no home, no caches. */
function privateEnvironment(folder: string): Record<string, string> {
  const home = path.join(folder, 'home');
  const temporary = path.join(folder, 'tmp');
  for (const part of [home, temporary, path.join(folder, 'runtime')])
    mkdirSync(part, { recursive: true, mode: 0o700 });
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: home,
    TMPDIR: temporary,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
    XDG_DATA_HOME: path.join(home, '.local/share'),
    XDG_RUNTIME_DIR: path.join(folder, 'runtime'),
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
  };
}

/** Enters a key for `baseUrl` in the key window, by real key events, as a person would. */
export async function enterKey(
  latchkey: RunningLatchkey,
  connection: { readonly baseUrl: string; readonly key: string; readonly label?: string },
): Promise<void> {
  const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
  const keyWindow = await latchkey.openKeyWindow(() => opener.click());
  await fillConnection(keyWindow, connection);
  await typeKey(keyWindow, connection.key);
  await clickAndSeeClosed(keyWindow, 'Save key');
  await expect(latchkey.chat.getByRole('textbox', { name: 'Message' })).toBeVisible();
}

/** Fills the key window's form but for the key. */
export async function fillConnection(
  keyWindow: Page,
  connection: { readonly baseUrl: string; readonly label?: string },
): Promise<void> {
  await keyWindow.getByRole('combobox', { name: 'Provider' }).selectOption('compatible');
  await keyWindow.getByRole('textbox', { name: 'Label' }).fill(connection.label ?? 'work');
  await keyWindow.getByRole('textbox', { name: 'Base URL' }).fill(connection.baseUrl);
  await keyWindow.getByRole('combobox', { name: 'API dialect' }).selectOption('responses');
}

/** One key event per character. */
export async function typeKey(keyWindow: Page, key: string): Promise<void> {
  await keyWindow.getByLabel('API key', { exact: true }).focus();
  for (const character of key) await keyWindow.keyboard.press(character);
}

/** Clicks a button that closes its window. The click itself then often ends in the middle, which is what was asked for. */
export async function clickAndSeeClosed(page: Page, name: string): Promise<void> {
  const closed = page.waitForEvent('close');
  await page
    .getByRole('button', { name })
    .click()
    .catch((error: unknown) => {
      if (!/has been closed/.test(String(error))) throw error;
    });
  await closed;
}

/** Types and sends a message. */
export async function send(chat: Page, text: string): Promise<void> {
  await chat.getByRole('textbox', { name: 'Message' }).fill(text);
  await chat.getByRole('button', { name: 'Send' }).click();
}

/** The state of the last answer. */
export function assistantStatus(chat: Page) {
  return chat.getByRole('status', { name: 'Assistant status' });
}

/** The last answer. */
export function lastAnswer(chat: Page) {
  return chat.getByRole('log', { name: 'Messages' }).getByRole('article', { name: 'Assistant' }).last();
}

/** An answer that takes a few seconds. */
export const SLOW = { chunkSize: 8, streamingProfile: { ttft: 10, tps: 40 } } as const;

/** Numbered words, so that nothing lost or doubled goes unseen. */
export function countedWords(count: number): string {
  return Array.from({ length: count }, (_, index) => `w${index}`).join(' ');
}
