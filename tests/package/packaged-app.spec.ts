import { spawn, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, FuseState, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';
import { findPackagedApp, assertPackagable } from '../../scripts/packaging/package-app.mjs';
import { startDisplay } from '../../scripts/run/display.mjs';
import { readContacts } from '../e2e/netlog.ts';
import { proves } from '../harness/proves.ts';
import { readScreen } from './read-screen.ts';
import { remoteAddresses } from './remote-addresses.ts';

const SCREENSHOTS = fileURLToPath(new URL('../../out/test/package', import.meta.url));
const DEMO_ARGUMENT = '--demo-server=http://127.0.0.1:9/v1';
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

const found = findPackagedApp();
if (found === undefined) throw new Error('there is no packaged app: run `npm run package` first');
const packaged = found;

/** What electron-builder.yml asks for, with what package-app.mjs changes on Linux. */
const WANTED: Readonly<Record<keyof typeof FuseV1Options, FuseState>> = {
  RunAsNode: FuseState.DISABLE,
  EnableCookieEncryption: process.platform === 'linux' ? FuseState.DISABLE : FuseState.ENABLE,
  EnableNodeOptionsEnvironmentVariable: FuseState.DISABLE,
  EnableNodeCliInspectArguments: FuseState.DISABLE,
  EnableEmbeddedAsarIntegrityValidation: FuseState.ENABLE,
  OnlyLoadAppFromAsar: FuseState.ENABLE,
  LoadBrowserProcessSpecificV8Snapshot: FuseState.DISABLE,
  GrantFileProtocolExtraPrivileges: FuseState.DISABLE,
  WasmTrapHandlers: FuseState.ENABLE,
};

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lk-package-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('every fuse in the binary is as configured', proves('electron-19'), async () => {
  const wire = await getCurrentFuseWire(packaged.executablePath);
  const states = Object.entries(wire).filter(([name]) => /^\d+$/.test(name));
  const expectedCount = Number.parseInt(packaged.electron.version, 10) >= 45 ? 9 : 8;
  for (const [index, state] of states) {
    const name = FuseV1Options[Number(index)] as keyof typeof FuseV1Options;
    process.stdout.write(`fuse ${name}: ${FuseState[Number(state)]}\n`);
    expect(state, name).toBe(WANTED[name]);
  }
  // For the table in docs/security.md.
  for (const [index, state] of states)
    test.info().annotations.push({
      type: 'fuse',
      description: `${FuseV1Options[Number(index)]}: ${FuseState[Number(state)]}`,
    });
  process.stdout.write(`${states.length} fuses on Electron ${packaged.electron.version}\n`);
  expect(states).toHaveLength(expectedCount);
});

test('holds our build and one native binding, and nothing else', () => {
  const archive = path.join(packaged.folder, 'resources', 'app.asar');
  const files = listPackage(archive, { isPack: false }).filter((file) => /\.\w+$/.test(file));
  const outside = files.filter(
    (file) =>
      !/^\/(?:package\.json|out\/|resources\/|node_modules\/(?:@photostructure\/sqlite|node-gyp-build)\/)/.test(
        file,
      ),
  );
  expect(outside).toEqual([]);
  expect(files).toContain('/out/main/main.js');
  expect(existsSync(path.join(packaged.folder, 'resources', 'default_app.asar'))).toBe(false);
});

test('starts, shows its window, and contacts nobody', proves('no-contact'), async () => {
  const display = await startDisplay({ frameBufferFolder: folder, width: 1200, height: 800 });
  const netLog = path.join(folder, 'netlog.json');
  const app = start([DEMO_ARGUMENT, `--log-net-log=${netLog}`], display.env);
  const seen: string[] = [];
  const frameBuffer = path.join(folder, 'Xvfb_screen0');
  await expect
    .poll(
      () => {
        seen.push(...remoteAddresses(app.pid ?? 0));
        return readScreen(frameBuffer).distinctColours;
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThan(100);
  mkdirSync(SCREENSHOTS, { recursive: true });
  readScreen(frameBuffer).save(path.join(SCREENSHOTS, 'packaged.png'));
  seen.push(...remoteAddresses(app.pid ?? 0));
  expect(await end(app)).toBe(0);
  await display.stop();
  expect(seen).toEqual([]);
  expect(readContacts(netLog)).toEqual([]);
  expect(readdirSync(path.join(folder, 'profile'))).toContain('history.sqlite');
});

for (const argument of [
  '--inspect',
  '--inspect-brk=0',
  '--remote-debugging-port=0',
  '--remote-debugging-pipe',
]) {
  test(`refuses ${argument}`, proves('electron-19', 'nowhere-else'), async () => {
    const display = await startDisplay();
    const app = start([argument], display.env);
    let complaint = '';
    app.stderr?.on('data', (bytes: Buffer) => (complaint += bytes.toString()));
    const code = await new Promise((resolve) => app.once('exit', resolve));
    await display.stop();
    expect(code).toBe(1);
    expect(complaint).toContain(argument.split('=')[0]);
    expect(complaint).not.toMatch(/listening on/i);
  });
}

test(
  'turns no wall off in its code, and its pages load nothing from elsewhere',
  proves('electron-1', 'electron-2', 'electron-3', 'electron-4', 'electron-6', 'electron-8', 'electron-9'),
  () => {
    const archive = path.join(packaged.folder, 'resources', 'app.asar');
    const read = (file: string) => extractFile(archive, file).toString('utf8');
    const files = listPackage(archive, { isPack: false }).map((file) => file.slice(1));
    const code = files.filter((file) => /^out\/(?:main|preload)\/.*\.[cm]?js$/.test(file)).map(read);
    expect(code.length).toBeGreaterThan(3);
    for (const text of code) {
      expect(text).not.toMatch(
        /\b(?:sandbox|contextIsolation|webSecurity): ?(?:false|!1)|\b(?:nodeIntegration\w*|allowRunningInsecureContent|experimentalFeatures|webviewTag|plugins): ?(?:true|!0)|\benableBlinkFeatures: /,
      );
      expect(text).not.toMatch(/\bopenDevTools\(|\bcrashReporter\b|\bbypassCSP: ?(?:true|!0)/);
    }
    const pages = files.filter((file) => file.endsWith('.html')).map(read);
    expect(pages).toHaveLength(3);
    for (const page of pages) {
      expect(page).not.toMatch(/\b(?:src|href)="(?!\/|\.\/)/);
      expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
    }
  },
);

test(
  'runs no code that NODE_OPTIONS names',
  proves('electron-19', 'nowhere-else', 'bound-to-origin'),
  async () => {
    const proof = path.join(folder, 'it-ran');
    const script = path.join(folder, 'evil.cjs');
    writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(proof)}, '')`);
    const display = await startDisplay();
    const app = start([DEMO_ARGUMENT], { ...display.env, NODE_OPTIONS: `--require ${script}` });
    await expect
      .poll(() => existsSync(path.join(folder, 'profile', 'history.sqlite')), { timeout: 60_000 })
      .toBe(true);
    expect(await end(app)).toBe(0);
    await display.stop();
    expect(existsSync(proof)).toBe(false);
  },
);

test('is no Node for ELECTRON_RUN_AS_NODE', proves('electron-19', 'nowhere-else'), async () => {
  const proof = path.join(folder, 'it-ran');
  const script = path.join(folder, 'evil.cjs');
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(proof)}, '')`);
  const display = await startDisplay();
  const app = start([script], { ...display.env, ELECTRON_RUN_AS_NODE: '1' });
  // It is the app that starts, with a file name it does not care about.
  await expect
    .poll(() => existsSync(path.join(folder, 'profile', 'history.sqlite')), { timeout: 60_000 })
    .toBe(true);
  expect(await end(app)).toBe(0);
  await display.stop();
  expect(existsSync(proof)).toBe(false);
});

test('takes no policy file from the command line', proves('policy-holds'), async () => {
  const policy = path.join(folder, 'policy.json');
  const log = path.join(folder, 'profile', 'logs', 'latchkey.log');
  // Taken, it would block the app, and the log would say so.
  writeFileSync(policy, '{');
  const display = await startDisplay();
  const app = start([`--policy-file=${policy}`], display.env);
  await expect
    .poll(() => (existsSync(log) ? readFileSync(log, 'utf8') : ''), { timeout: 60_000 })
    .toContain('--policy-file is for unpackaged builds');
  await expect.poll(() => existsSync(path.join(folder, 'profile', 'history.sqlite'))).toBe(true);
  expect(await end(app)).toBe(0);
  await display.stop();
  expect(readFileSync(log, 'utf8')).not.toContain('policy cannot be used');
});

test('the fallback runtime is packaged for tests only, and says so', () => {
  const fallback = { ...packaged.electron, kind: 'fallback' } as const;
  expect(() => {
    assertPackagable(fallback, false);
  }).toThrow(/--development/);
  const isMarked = existsSync(path.join(packaged.folder, 'DEVELOPMENT-RUNTIME.txt'));
  expect(isMarked).toBe(packaged.folder.includes('development'));
});

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const home = path.join(folder, 'home');
  mkdirSync(home, { recursive: true });
  return spawn(
    packaged.executablePath,
    [...sandbox, `--user-data-dir=${path.join(folder, 'profile')}`, ...args],
    {
      cwd: folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        LANG: 'C.UTF-8',
        DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}

function end(app: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    app.once('exit', resolve);
    app.kill('SIGTERM');
  });
}
