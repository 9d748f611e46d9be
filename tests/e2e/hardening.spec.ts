import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { CONTENT_SECURITY_POLICY } from '../../electron/main/protocol/response-headers.ts';
import { findSoftPreferences } from '../../electron/main/windows/hardened-preferences.ts';
import {
  clickAndSeeClosed,
  expect,
  fillConnection,
  test,
  typeKey,
  type RunningLatchkey,
} from './fixtures.ts';
import { readContacts } from './netlog.ts';
import { proves } from '../harness/proves.ts';

/** What main reports of every webContents there is: not only of the windows a test knows. */
function inspectAll({ electron }: RunningLatchkey) {
  return electron.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => ({
      url: contents.getURL(),
      type: contents.getType(),
      pid: contents.getOSProcessId(),
      // Electron has it on every webContents, but types it for windows only.
      preferences: (
        contents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      ).getLastWebPreferences(),
    })),
  );
}

test('every webContents is hardened, denies what it should, and knows nothing but two functions', async ({
  latchkey,
}) => {
  const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
  const keyWindow = await latchkey.openKeyWindow(() => opener.click());
  const all = await inspectAll(latchkey);
  expect(all.map(({ url }) => new URL(url).host).toSorted()).toEqual(['chat', 'key']);
  for (const { url, preferences } of all) {
    expect(findSoftPreferences(preferences), url).toEqual([]);
    expect(preferences, url).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
  }
  for (const page of [latchkey.chat, keyWindow]) {
    const seen = await page.evaluate(async () => {
      const scope = globalThis as unknown as Record<string, unknown>;
      const policy = await fetch(location.href).then(
        () => 'fetched',
        () => 'refused',
      );
      const permission = await navigator.permissions.query({ name: 'geolocation' });
      return {
        globals: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in scope),
        bridge: Object.keys(scope['latchkey'] as object).toSorted(),
        isolated: Object.isFrozen(scope['latchkey']),
        opened: window.open('https://example.com') === null,
        fetched: policy,
        permission: permission.state,
      };
    });
    expect(seen).toEqual({
      globals: [],
      bridge: ['request', 'subscribe'],
      isolated: true,
      opened: true,
      fetched: 'refused',
      permission: 'denied',
    });
    const before = page.url();
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = 'https://example.com/';
      document.body.append(link);
      link.click();
    });
    await expect.poll(() => page.url()).toBe(before);
  }
  expect(await inspectAll(latchkey)).toHaveLength(2);
});

test('pages come from app:// with the whole policy in a header', async ({ latchkey }) => {
  const headers = await latchkey.electron.evaluate(async ({ net }) => {
    const answer = await net.fetch('app://chat/index.html');
    return Object.fromEntries(answer.headers.entries());
  });
  expect(headers['content-security-policy']).toBe(CONTENT_SECURITY_POLICY);
  expect(headers['x-content-type-options']).toBe('nosniff');
  const escapes = await latchkey.electron.evaluate(async ({ net }) => {
    const urls = [
      'app://chat/../../package.json',
      'app://chat/%2e%2e/%2e%2e/package.json',
      'app://key/key.html',
      'app://evil/index.html',
    ];
    const statuses: number[] = [];
    for (const url of urls) {
      statuses.push(
        await net
          .fetch(url)
          .then(({ status }) => status)
          .catch(() => 0),
      );
    }
    return statuses;
  });
  for (const status of escapes) expect([0, 403, 404]).toContain(status);
});

test(
  'the chat window cannot call a route of the key window, and its own input is parsed',
  proves('no-get', 'electron-17'),
  async ({ latchkey }) => {
    const call = (route: string, input: unknown) =>
      latchkey.chat.evaluate(
        ([name, value]) =>
          (
            globalThis as unknown as {
              latchkey: { request(route: unknown, input: unknown): Promise<unknown> };
            }
          ).latchkey.request(name, value),
        [route, input] as const,
      );
    for (const route of ['keyWindow.save', 'keyWindow.paste', 'keyWindow.describe', 'keyWindow.cancel']) {
      expect(await call(route, {})).toMatchObject({ ok: false, error: { code: 'ipc/forbidden' } });
    }
    expect(await call('no.route', {})).toMatchObject({ ok: false, error: { code: 'ipc/unknown-route' } });
    expect(await call('chat.send', { text: 1 })).toMatchObject({
      ok: false,
      error: { code: 'ipc/invalid-input' },
    });
  },
);

test(
  'the key window has a process of its own even where one is the limit, and the process ends with it',
  proves('not-in-chat-window'),
  async ({ profile, server }) => {
    const latchkey = await profile.launch({ args: ['--renderer-process-limit=1'] });
    const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
    const keyWindow = await latchkey.openKeyWindow(() => opener.click());
    const all = await inspectAll(latchkey);
    const pidOf = (host: string) => all.find(({ url }) => new URL(url).host === host)?.pid ?? 0;
    expect(pidOf('key')).not.toBe(pidOf('chat'));
    await fillConnection(keyWindow, { baseUrl: `${server.url}/v1` });
    await typeKey(keyWindow, 'sk-test-0123456789-abcdefghij-4f2a');
    await clickAndSeeClosed(keyWindow, 'Save key');
    // And with it what was typed: promised within a second of saving.
    await expect
      .poll(() => existsSync(`/proc/${pidOf('key')}`), { timeout: 1_000, intervals: [50] })
      .toBe(false);
  },
);

test('the network log shows a request when there is one', proves('no-contact'), async ({ profile }) => {
  // The positive control of what every other test asserts: an app without our walls, watched in the same way.
  const hit = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => {
    hit.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(hit.address() as AddressInfo).port}/canary`;
  const log = path.join(profile.folder, 'control-netlog.json');
  profile.expectContact(/canary$|~notfound/);
  const latchkey = await profile.launch();
  await latchkey.electron.evaluate(
    async ({ session, net, netLog }, { target, file }) => {
      await (netLog ?? session.defaultSession.netLog).startLogging(file);
      session.defaultSession.webRequest.onBeforeRequest(null);
      await net.fetch(target).catch(() => null);
      await (netLog ?? session.defaultSession.netLog).stopLogging();
    },
    { target: url, file: log },
  );
  expect(readContacts(log)).toContainEqual({ kind: 'url', what: url });
  hit.close();
});
