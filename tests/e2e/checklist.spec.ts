import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { checklist } from '../../scripts/proof/promises.mjs';
import { HARDENED_PREFERENCES } from '../../electron/main/windows/hardened-preferences.ts';
import { CONTENT_SECURITY_POLICY } from '../../electron/main/protocol/response-headers.ts';
import { processTree } from '../custody/process-tree.ts';
import { proves } from '../harness/proves.ts';
import { expect, test as base, withProfile, type RunningLatchkey } from './fixtures.ts';
import { readMainNotes } from './watch-main.ts';
import type { Page } from '@playwright/test';

// Electron's security checklist, one test per item over one app with both of its windows open. Preferences are asked of
// every webContents there ever was; that those of all other tests pass the same is judged by the fixtures at their end.

interface Opened {
  readonly latchkey: RunningLatchkey;
  /** The chat window and the key window. */
  readonly pages: readonly Page[];
}

const test = base.extend<object, { readonly opened: Opened }>({
  opened: [
    async ({ runtime, displayEnv }, use) => {
      await withProfile(
        { runtime, displayEnv, keystore: 'none', user: 'self', hasPrompter: false, makesTitles: false },
        async (profile) => {
          const latchkey = await profile.launch();
          const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
          const keyWindow = await latchkey.openKeyWindow(() => opener.click());
          await use({ latchkey, pages: [latchkey.chat, keyWindow] });
        },
      );
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

const item = (number: number): string => `${number}. ${checklist[number - 1] ?? 'unknown'}`;

/** The preferences of every webContents that was ever created, which must be as they are named here. */
async function expectPreferences({ electron }: RunningLatchkey, wanted: Readonly<Record<string, unknown>>) {
  const { pages } = await readMainNotes(electron);
  expect(pages.map(({ url }) => url).toSorted()).toEqual(['app://chat/', 'app://key/']);
  for (const { url, preferences } of pages) expect(preferences, url).toMatchObject(wanted);
}

function countPages({ electron }: RunningLatchkey): Promise<number> {
  return electron.evaluate(({ webContents }) => webContents.getAllWebContents().length);
}

test(item(1), proves('electron-1'), async ({ opened: { latchkey, pages } }) => {
  const { pages: everMade } = await readMainNotes(latchkey.electron);
  for (const { url } of everMade) expect(url).toMatch(/^app:\/\/(?:chat|key)\/$/);
  for (const page of pages) {
    const seen = await page.evaluate(async () => {
      const image = new Image();
      const loaded = new Promise((resolve) => {
        image.addEventListener('load', () => resolve('loaded'));
        image.addEventListener('error', () => resolve('refused'));
      });
      image.src = 'http://example.com/pixel.png';
      return {
        image: await loaded,
        isSecure: isSecureContext,
        resources: performance
          .getEntriesByType('resource')
          .map(({ name }) => name)
          .filter(
            (name) => !name.startsWith(`${location.origin}/`) && !name.startsWith('http://example.com'),
          ),
      };
    });
    expect(seen).toEqual({ image: 'refused', isSecure: true, resources: [] });
  }
});

test(item(2), proves('electron-2'), async ({ opened: { latchkey, pages } }) => {
  await expectPreferences(latchkey, {
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
  });
  for (const page of pages) {
    const found = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter((name) => name in globalThis),
    );
    expect(found).toEqual([]);
    // Electron does not report its setting for workers: here a page gets no worker at all.
    const worker = await page.evaluate(() => {
      const url = URL.createObjectURL(new Blob(['postMessage(typeof require)']));
      return new Promise((resolve) => {
        try {
          const made = new Worker(url);
          made.addEventListener('message', ({ data }) => resolve(data));
          made.addEventListener('error', () => resolve('refused'));
        } catch {
          resolve('refused');
        }
      });
    });
    expect(worker).toBe('refused');
  }
});

test(item(3), proves('electron-3'), async ({ opened: { latchkey, pages } }) => {
  await expectPreferences(latchkey, { contextIsolation: true });
  for (const page of pages) {
    // A page that spoils its own globals must not reach the preload's: the call still arrives and is still answered.
    const answer = await page.evaluate(async () => {
      const scope = globalThis as unknown as Record<'JSON' | 'Promise' | 'Map', unknown> & {
        readonly latchkey: { request(route: string, input: unknown): Promise<unknown> };
      };
      const { JSON: json, Promise: promise, Map: map } = scope;
      Object.assign(scope, { JSON: null, Promise: null, Map: null });
      try {
        return {
          isFrozen: Object.isFrozen(scope.latchkey),
          answer: await scope.latchkey.request('settings.get', {}),
        };
      } finally {
        Object.assign(scope, { JSON: json, Promise: promise, Map: map });
      }
    });
    expect(answer).toMatchObject({ isFrozen: true, answer: { ok: true } });
  }
});

test(item(4), proves('electron-4'), async ({ opened: { latchkey } }) => {
  await expectPreferences(latchkey, { sandbox: true });
  // That the operating system sees the sandbox too (Seccomp) is shown by sandbox.spec.ts, as an ordinary user.
});

test(item(5), proves('electron-5'), async ({ opened: { pages } }) => {
  for (const page of pages) {
    const states = await page.evaluate(async () => {
      const ask = async (name: string) =>
        navigator.permissions.query({ name: name as PermissionName }).then(
          ({ state }) => state,
          () => 'unknown',
        );
      const names = ['geolocation', 'camera', 'microphone', 'notifications', 'midi', 'clipboard-read'];
      return {
        states: await Promise.all(names.map(ask)),
        notification: await Notification.requestPermission(),
        media: await navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(
          () => 'granted',
          () => 'denied',
        ),
        display: await navigator.mediaDevices.getDisplayMedia({ video: true }).then(
          () => 'granted',
          () => 'denied',
        ),
        position: await new Promise((resolve) => {
          navigator.geolocation.getCurrentPosition(
            () => resolve('granted'),
            () => resolve('denied'),
          );
        }),
        clipboard: await navigator.clipboard.readText().then(
          () => 'granted',
          () => 'denied',
        ),
      };
    });
    expect(states).toEqual({
      states: ['denied', 'denied', 'denied', 'denied', 'denied', 'denied'],
      notification: 'denied',
      media: 'denied',
      display: 'denied',
      position: 'denied',
      clipboard: 'denied',
    });
  }
});

test(item(6), proves('electron-6'), async ({ opened: { latchkey, pages } }) => {
  await expectPreferences(latchkey, { webSecurity: true });
  for (const page of pages) {
    const outcomes = await page.evaluate(() =>
      Promise.all(
        ['https://example.com/', 'http://127.0.0.1:9/', 'file:///etc/hostname', 'app://chat/index.html'].map(
          (url) =>
            fetch(url).then(
              () => 'fetched',
              () => 'refused',
            ),
        ),
      ),
    );
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused']);
  }
});

test(item(7), proves('electron-7'), async ({ opened: { latchkey, pages } }) => {
  const policy = await latchkey.electron.evaluate(async ({ net }) =>
    (await net.fetch('app://chat/index.html')).headers.get('content-security-policy'),
  );
  expect(policy).toBe(CONTENT_SECURITY_POLICY);
  for (const page of pages) {
    const blocked = await page.evaluate(async () => {
      const directives: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        directives.push(event.effectiveDirective),
      );
      const add = (name: string, values: Readonly<Record<string, string>>) => {
        const element = document.createElement(name);
        for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
        document.body.append(element);
        return element;
      };
      const script = document.createElement('script');
      script.textContent = 'globalThis.ran = true';
      document.body.append(script);
      add('script', { src: 'https://example.com/x.js' });
      add('iframe', { src: 'https://example.com/' });
      add('object', { data: 'https://example.com/' });
      add('base', { href: 'https://example.com/' });
      add('link', { rel: 'stylesheet', href: 'https://example.com/x.css' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { ran: 'ran' in globalThis, directives: [...new Set(directives)].toSorted() };
    });
    expect(blocked).toEqual({
      ran: false,
      directives: ['base-uri', 'frame-src', 'object-src', 'script-src-elem', 'style-src-elem'],
    });
  }
});

test(item(8), proves('electron-8'), async ({ opened: { latchkey } }) => {
  await expectPreferences(latchkey, { allowRunningInsecureContent: false });
});

test(item(9), proves('electron-9'), async ({ opened: { latchkey } }) => {
  await expectPreferences(latchkey, { experimentalFeatures: false });
});

test(item(10), proves('electron-10'), async ({ opened: { latchkey } }) => {
  const { pages } = await readMainNotes(latchkey.electron);
  for (const { preferences } of pages)
    expect([undefined, ''], String(preferences['enableBlinkFeatures'])).toContain(
      preferences['enableBlinkFeatures'],
    );
  const commands = await latchkey.electron.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid));
  for (const pid of commands)
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toMatch(
      /--enable-(?:blink-features|experimental-web-platform-features)/,
    );
});

test(item(11), proves('electron-11'), async ({ opened: { latchkey, pages } }) => {
  await expectPreferences(latchkey, { webviewTag: false });
  const before = await countPages(latchkey);
  for (const page of pages) {
    const kind = await page.evaluate(() => {
      const view = document.createElement('webview');
      view.setAttribute('allowpopups', '');
      view.setAttribute('src', 'https://example.com/');
      document.body.append(view);
      return { canLoad: 'loadURL' in view, hasFrame: view.shadowRoot !== null };
    });
    expect(kind).toEqual({ canLoad: false, hasFrame: false });
  }
  expect(await countPages(latchkey)).toBe(before);
});

test(item(12), proves('electron-12'), async ({ opened: { latchkey } }) => {
  // Whatever the options: attaching one is refused by every webContents.
  const refused = await latchkey.electron.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => {
      let isPrevented = false;
      const event = { preventDefault: () => (isPrevented = true) };
      contents.emit('will-attach-webview', event, {}, { src: 'https://example.com/' });
      return isPrevented;
    }),
  );
  expect(refused).toEqual([true, true]);
});

test(item(13), proves('electron-13'), async ({ opened: { latchkey, pages } }) => {
  for (const page of pages) {
    const before = page.url();
    for (const url of [
      'https://example.com/',
      'http://127.0.0.1:9/',
      'file:///etc/passwd',
      'data:text/html,<h1>x</h1>',
      'app://chat/index.html?x',
      'app://key/key.html?x',
      'javascript:document.write(1)',
      'latchkey://v1/chat?prompt=x',
    ]) {
      await page.evaluate((target) => {
        const link = document.createElement('a');
        link.href = target;
        document.body.append(link);
        link.click();
        link.remove();
      }, url);
      await page.evaluate((target) => {
        location.href = target;
      }, url);
    }
    // Had one of them begun to load, this would wait for it and then see it.
    await page.waitForLoadState();
    expect(page.url()).toBe(before);
    expect(await page.getByRole('button').count()).toBeGreaterThan(0);
  }
  expect(await countPages(latchkey)).toBe(2);
});

test(item(14), proves('electron-14'), async ({ opened: { latchkey, pages } }) => {
  const before = await countPages(latchkey);
  for (const page of pages) {
    const opened = await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = 'https://example.com/';
      link.target = '_blank';
      document.body.append(link);
      link.click();
      return ['https://example.com/', 'about:blank', location.href, 'file:///etc/passwd', ''].map(
        (url) => window.open(url, '_blank', 'nodeIntegration=yes') !== null,
      );
    });
    expect(opened).toEqual([false, false, false, false, false]);
  }
  expect(await countPages(latchkey)).toBe(before);
});

test(item(15), proves('electron-15'), async ({ opened: { latchkey } }) => {
  const asked = await latchkey.electron.evaluateHandle(({ dialog, shell }) => {
    const log: { readonly opened: string[]; readonly questions: string[]; answer: number } = {
      opened: [],
      questions: [],
      answer: 1,
    };
    shell.openExternal = (url: string) => {
      log.opened.push(url);
      return Promise.resolve();
    };
    dialog.showMessageBox = (...values: readonly unknown[]) => {
      log.questions.push(JSON.stringify(values.at(-1)));
      return Promise.resolve({ response: log.answer, checkboxChecked: false });
    };
    return log;
  });
  const open = (url: string, text: string) =>
    latchkey.chat.evaluate(
      ([target, words]) =>
        (
          globalThis as unknown as { latchkey: { request(route: string, input: unknown): Promise<unknown> } }
        ).latchkey.request('link.open', { url: target, text: words }),
      [url, text] as const,
    );
  for (const url of [
    'file:///etc/passwd',
    'smb://host/share',
    'javascript:alert(1)',
    'ms-msdt:/id',
    'http://example.com/',
    'https://user:pw@example.com/',
    'latchkey://v1/chat?prompt=x',
    ' -o x',
  ]) {
    expect(await open(url, 'text'), url).toMatchObject({ ok: false });
  }
  const declined = await open('https://example.com/a', 'read this');
  expect(declined).toMatchObject({ ok: true, value: { outcome: 'declined' } });
  await asked.evaluate((log) => (log.answer = 0));
  const accepted = await open('https://example.com/b', 'https://bank.example/');
  expect(accepted).toMatchObject({ ok: true, value: { outcome: 'opened' } });
  const { opened, questions } = (await asked.jsonValue()) as {
    readonly opened: readonly string[];
    readonly questions: readonly string[];
  };
  expect(opened).toEqual(['https://example.com/b']);
  expect(questions).toHaveLength(2);
  expect(questions[1]).toContain('does not go where its text says');
});

test(item(16), proves('electron-16'), async ({ opened: { latchkey }, runtime }) => {
  const pinned = (
    JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      devDependencies: { electron: string };
    }
  ).devDependencies.electron;
  // Raised by hand when Electron drops a line of releases; the newest one of the time of this test.
  expect(Number(/^(\d+)\.\d+\.\d+$/.exec(pinned)?.[1])).toBeGreaterThanOrEqual(45);
  const running = await latchkey.electron.evaluate(() => process.versions['electron']);
  const info = await latchkey.chat.evaluate(() =>
    (
      globalThis as unknown as {
        latchkey: {
          request(route: string, input: unknown): Promise<{ value: { runtime: { isDevelopment: boolean } } }>;
        };
      }
    ).latchkey.request('app.info', {}),
  );
  // What is shipped is the pinned one. An older one runs for development only, and says so in the window.
  if (runtime.kind === 'official') expect(running).toBe(pinned);
  else expect(info.value.runtime.isDevelopment).toBe(true);
  process.stdout.write(`pinned Electron ${pinned}, tested on ${running}\n`);
});

test(item(17), proves('electron-17'), async ({ opened: { latchkey } }) => {
  // A window main did not make, hardened like ours, with our preload and on the chat window's own origin.
  const answers = await latchkey.electron.evaluate(
    async ({ app, BrowserWindow }, preferences) => {
      const rogue = new BrowserWindow({
        show: false,
        webPreferences: { ...preferences, preload: `${app.getAppPath()}/out/preload/chat.cjs` },
      });
      const ask = (route: string) =>
        rogue.webContents.executeJavaScript(`latchkey.request(${JSON.stringify(route)}, {})`);
      await rogue.loadURL('app://chat/');
      const found = [];
      for (const route of ['connections.list', 'settings.get', 'app.info', 'keyWindow.paste'])
        found.push(await ask(route));
      rogue.destroy();
      return found;
    },
    { ...HARDENED_PREFERENCES },
  );
  expect(answers).toHaveLength(4);
  for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { code: 'ipc/forbidden' } });
});

test(item(18), proves('electron-18'), async ({ opened: { latchkey, pages } }) => {
  for (const page of pages) {
    const { protocol, origin } = await page.evaluate(() => location);
    expect(protocol).toBe('app:');
    expect(origin).toMatch(/^app:\/\/(?:chat|key)$/);
  }
  const statuses = await latchkey.electron.evaluate(async ({ net }) => {
    const urls = [
      'app://chat/../../package.json',
      'app://chat/%2e%2e/%2e%2e/package.json',
      'app://key/key.html',
    ];
    const found: number[] = [];
    for (const url of urls)
      found.push(
        await net.fetch(url).then(
          ({ status }) => status,
          () => 0,
        ),
      );
    return found;
  });
  expect(statuses.filter((status) => status === 200)).toEqual([]);
});

// 19, the fuses, is asked of the packaged binary: tests/package/packaged-app.spec.ts.

test(item(20), proves('electron-20'), async ({ opened: { pages } }) => {
  for (const page of pages) {
    const exposed = await page.evaluate(() => {
      const bridge = (globalThis as unknown as { latchkey: Record<string, unknown> }).latchkey;
      const inherited = ['ipcRenderer', 'webFrame', 'contextBridge', 'electron', 'shell', 'require'];
      return {
        keys: Object.entries(bridge).map(([name, value]) => `${name}: ${typeof value}`),
        raw: inherited.filter((name) => name in bridge || name in globalThis),
        ours: Object.keys(globalThis).filter((name) => /electron|latchkey|ipc/i.test(name)),
      };
    });
    expect(exposed).toEqual({
      keys: ['request: function', 'subscribe: function'],
      raw: [],
      ours: ['latchkey'],
    });
  }
});

test(
  'crashes are reported to nobody',
  proves('nowhere-else', 'no-contact'),
  async ({ opened: { latchkey } }) => {
    const reporter = await latchkey.electron.evaluate(({ app, crashReporter }) => ({
      uploaded: crashReporter.getUploadedReports(),
      last: crashReporter.getLastCrashReport(),
      dumps: app.getPath('crashDumps'),
    }));
    expect(reporter).toMatchObject({ uploaded: [], last: null });
    // Without its handler nothing is written but Chromium's own random id, and nothing could be sent.
    const written = existsSync(reporter.dumps) ? readdirSync(reporter.dumps, { recursive: true }) : [];
    expect(written.filter((name) => name !== 'client_id')).toEqual([]);
    const handlers = processTree(latchkey.pid).filter(({ commandLine }) =>
      /crashpad[_-]handler/.test(commandLine),
    );
    expect(handlers).toEqual([]);
  },
);
