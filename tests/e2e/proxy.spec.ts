import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startConnectProxy } from '../harness/proxy-servers.ts';
import { startRawServer } from '../harness/raw-server.ts';
import { startSecureFront } from '../harness/secure-server.ts';
import { createTestAuthority } from '../harness/test-certificates.ts';
import {
  assistantStatus,
  clickAndSeeClosed,
  enterKey,
  expect,
  lastAnswer,
  send,
  test,
  type LatchkeyProfile,
  type RunningLatchkey,
} from './fixtures.ts';

const KEY = 'sk-test-0123456789-abcdefghij-4f2a';
const PASSWORD = 'canary-Pass:word/42';
/** A name no resolver knows: whoever gets there came through a proxy. */
const HOST = 'api.company.test';

/** A company network on loopback: an API behind TLS with the company's certificate, and a proxy in front of it. */
async function startCompany(apiUrl: string, options: { readonly login?: string } = {}) {
  const authority = await createTestAuthority('Company Root');
  const front = await startSecureFront(await authority.issue([HOST]), apiUrl);
  const proxy = await startConnectProxy({ targetPort: front.port, ...options });
  return {
    authority,
    proxy,
    stop: async () => {
      await proxy.stop();
      await front.stop();
    },
  };
}

/** Answers the file dialog: it is the system's own, which no test can click. */
async function pickFile({ electron }: RunningLatchkey, file: string): Promise<void> {
  await electron.evaluate(({ dialog }, picked) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [picked] });
  }, file);
}

async function openNetworkTab({ chat }: RunningLatchkey) {
  // A window that is not drawn yet hears no shortcut.
  const drawn = chat
    .getByRole('textbox', { name: 'Message' })
    .or(chat.getByRole('button', { name: 'Add API key' }));
  await expect(drawn.first()).toBeVisible();
  await chat.keyboard.press('ControlOrMeta+,');
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('tab', { name: 'Network' }).click();
  return dialog;
}

async function addAuthority(latchkey: RunningLatchkey, profile: LatchkeyProfile, pem: string): Promise<void> {
  const file = path.join(profile.folder, 'company-root.pem');
  writeFileSync(file, pem);
  await pickFile(latchkey, file);
  const dialog = await openNetworkTab(latchkey);
  await dialog.getByRole('button', { name: 'Add certificate' }).click();
  await expect(dialog.getByRole('listitem', { name: 'Company Root' })).toBeVisible();
  await latchkey.chat.keyboard.press('Escape');
}

test('chats through a proxy with a login, to a server with a company certificate', async ({
  profile,
  server,
}) => {
  server.onMessage(/./, { content: 'An answer.' });
  const company = await startCompany(server.url, { login: `ada:${PASSWORD}` });
  const url = `http://127.0.0.1:${company.proxy.port}`;
  const first = await profile.launch({ args: ['--allow-remote-keys'] });
  await addAuthority(first, profile, company.authority.pem);

  const dialog = await openNetworkTab(first);
  await dialog.getByRole('combobox', { name: 'Proxy' }).selectOption('manual');
  const opener = dialog.getByRole('button', { name: 'Enter login' });
  const [keyWindow] = await Promise.all([first.electron.waitForEvent('window'), opener.click()]);
  await expect(keyWindow).toHaveTitle('Proxy login - Latchkey');
  await keyWindow.getByRole('textbox', { name: 'Proxy URL' }).fill(url);
  await keyWindow.getByRole('textbox', { name: 'User name' }).fill('ada');
  await keyWindow.getByLabel('Password').pressSequentially(PASSWORD);
  await clickAndSeeClosed(keyWindow, 'Save login');
  await expect(dialog.getByText(`Login for ${url}`)).toContainText('in GNOME Keyring');
  await first.chat.keyboard.press('Escape');
  await enterKey(first, { baseUrl: `https://${HOST}/v1`, key: KEY });
  await openNetworkTab(first);
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByText('The way is open.')).toBeVisible();
  await first.chat.keyboard.press('Escape');
  await send(first.chat, 'Hello');
  await expect(assistantStatus(first.chat)).toHaveText(/Done/);
  await first.quit();

  const again = await profile.launch({ args: ['--allow-remote-keys'] });
  await again.chat.getByRole('list', { name: 'Conversations' }).getByText('Hello').click();
  await send(again.chat, 'And again');
  await expect(again.chat.getByRole('article', { name: 'Assistant' })).toHaveCount(2);
  await expect(assistantStatus(again.chat)).toHaveText(/Done/);
  await expect(lastAnswer(again.chat)).toContainText('An answer.');
  await again.quit();

  expect(new Set(company.proxy.asked)).toEqual(new Set([`${HOST}:443`]));
  const forms = [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(`ada:${PASSWORD}`).toString('base64')];
  const files = ['settings.json', 'vault.json', 'certificates.json', 'connections.json'].map((file) =>
    readFileSync(path.join(profile.profileFolder, file), 'utf8'),
  );
  const seen = [...files, first.output(), again.output()].join('\n');
  expect(forms.filter((form) => seen.includes(form))).toEqual([]);
  await company.stop();
});

test('follows the proxy the desktop is set to, and no variable in its place', async ({ profile, server }) => {
  server.onMessage(/./, { content: 'An answer.' });
  const company = await startCompany(server.url);
  const canary = await startRawServer((_request, socket) => socket.end());
  const variable = new URL(canary.baseUrl).origin;
  // KDE keeps its settings in a file, which Chromium reads where the session says it is KDE's.
  const configFolder = path.join(profile.folder, 'home', '.config');
  mkdirSync(configFolder, { recursive: true });
  writeFileSync(
    path.join(configFolder, 'kioslaverc'),
    `[Proxy Settings]\nProxyType=1\nhttpsProxy=http://127.0.0.1 ${company.proxy.port}\n`,
  );
  const latchkey = await profile.launch({
    args: ['--allow-remote-keys'],
    env: {
      XDG_CURRENT_DESKTOP: 'KDE',
      KDE_SESSION_VERSION: '5',
      HTTPS_PROXY: variable,
      https_proxy: variable,
      all_proxy: variable,
      NODE_EXTRA_CA_CERTS: path.join(profile.folder, 'company-root.pem'),
    },
  });
  await enterKey(latchkey, { baseUrl: `https://${HOST}/v1`, key: KEY });
  await addAuthority(latchkey, profile, company.authority.pem);
  await send(latchkey.chat, 'Hello');
  await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
  expect(new Set(company.proxy.asked)).toEqual(new Set([`${HOST}:443`]));
  expect(canary.requests).toEqual([]);

  const dialog = await openNetworkTab(latchkey);
  await dialog.getByRole('combobox', { name: 'Proxy' }).selectOption('environment');
  await expect(dialog.getByText('HTTPS_PROXY, ALL_PROXY and NO_PROXY count')).toBeVisible();
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByText(`${variable} cannot be reached`)).toBeVisible();
  expect(canary.requests.map(({ head }) => head.split('\r\n')[0])).toEqual([`CONNECT ${HOST}:443 HTTP/1.1`]);
  await canary.stop();
  await company.stop();
});

test('asks for no proxy script unless told to, and then for that alone', async ({ profile, server }) => {
  server.onMessage(/./, { content: 'An answer.' });
  const company = await startCompany(server.url);
  const script = `function FindProxyForURL(url, host) { return "PROXY 127.0.0.1:${company.proxy.port}"; }`;
  const scripts = await startRawServer((_request, socket) =>
    socket.end(
      `HTTP/1.1 200 OK\r\ncontent-type: application/x-ns-proxy-autoconfig\r\ncontent-length: ${script.length}\r\n\r\n${script}`,
    ),
  );
  const scriptUrl = `${new URL(scripts.baseUrl).origin}/proxy.pac`;
  const configFolder = path.join(profile.folder, 'home', '.config');
  mkdirSync(configFolder, { recursive: true });
  writeFileSync(
    path.join(configFolder, 'kioslaverc'),
    `[Proxy Settings]\nProxyType=2\nProxy Config Script=${scriptUrl}\n`,
  );
  const launch = () =>
    profile.launch({
      args: ['--allow-remote-keys'],
      env: { XDG_CURRENT_DESKTOP: 'KDE', KDE_SESSION_VERSION: '5' },
    });
  // Before: the system's script is out of reach, and the name of the server is looked up here, in vain.
  profile.expectContact(/~notfound|^Node undefined$/);
  const first = await launch();
  await enterKey(first, { baseUrl: `https://${HOST}/v1`, key: KEY });
  await addAuthority(first, profile, company.authority.pem);
  const dialog = await openNetworkTab(first);
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByText(`No server is known by the name ${HOST}.`)).toBeVisible();
  expect(scripts.requests).toEqual([]);
  await dialog.getByRole('checkbox', { name: /automatic configuration/ }).click();
  await expect(dialog.getByText('Takes effect when Latchkey starts again.')).toBeVisible();
  await first.quit();

  // The one thing Chromium may contact, and only now.
  const port = new URL(scriptUrl).port;
  profile.expectContact(
    new RegExp(`^Chromium (?:url ${scriptUrl}|(?:host|socket) \\S*127\\.0\\.0\\.1(?::${port})?)$`),
  );
  const second = await launch();
  // Named by hand: the list of models is asked for while Chromium may still be reading the script.
  await second.chat.getByRole('combobox', { name: 'Model' }).fill('some-model');
  await second.chat.keyboard.press('Enter');
  await send(second.chat, 'Hello');
  await expect(assistantStatus(second.chat)).toHaveText(/Done/);
  expect(scripts.requests.length).toBeGreaterThan(0);
  expect(company.proxy.asked).toEqual([`${HOST}:443`]);
  await second.quit();
  await scripts.stop();
  await company.stop();
});
