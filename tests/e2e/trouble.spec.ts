import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sendHealthy, sendStatus } from '../harness/faults/exchange.ts';
import { startRawServer } from '../harness/raw-server.ts';
import { resolveElectron } from '../../scripts/setup/electron-runtime.mjs';
import {
  assistantStatus,
  clickAndSeeClosed,
  enterKey,
  expect,
  fillConnection,
  lastAnswer,
  send,
  test,
  typeKey,
  type LatchkeyProfile,
} from './fixtures.ts';
import { proves } from '../harness/proves.ts';

const KEY = 'sk-test-0123456789-abcdefghij-4f2a';
const LINK = 'latchkey://v1/chat?prompt=Summarise%20this%0Aplease';

test.describe('servers', () => {
  for (const [what, status, code, words] of [
    ['rejects the key', 401, 'invalid_api_key', /key/i],
    ['is asked too often', 429, 'rate_limit_exceeded', /many|limit|wait/i],
    ['does not know the model', 404, 'model_not_found', /model/i],
  ] as const) {
    test(`that ${what}: says so, offers a way on, keeps the question`, async ({ latchkey, server }) => {
      server.onMessage(/./, { error: { message: `raw words ${KEY}`, code }, status });
      await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY });
      await send(latchkey.chat, 'My question');
      const alert = latchkey.chat.getByRole('alert');
      await expect(alert).toContainText(words);
      await expect(alert).not.toContainText('raw words');
      await expect(alert.getByRole('button').first()).toBeEnabled();
      await expect(latchkey.chat.getByRole('article', { name: 'You' })).toContainText('My question');
    });
  }

  test('that are down, or answer with a page: says so and keeps the question', async ({
    latchkey,
    server,
  }) => {
    const page = await startRawServer((_request, socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<h1>Sign in</h1>'),
    );
    await enterKey(latchkey, { baseUrl: page.baseUrl, key: KEY });
    await latchkey.chat.getByRole('combobox', { name: 'Model' }).fill('some-model');
    await latchkey.chat.keyboard.press('Enter');
    await send(latchkey.chat, 'To a page');
    await expect(
      latchkey.chat
        .getByRole('alert')
        .filter({ hasText: /OpenAI-compatible|API/i })
        .first(),
    ).toBeVisible();
    await page.stop();
    await latchkey.chat.getByRole('button', { name: 'New chat' }).click();
    await send(latchkey.chat, 'To nobody');
    await expect(latchkey.chat.getByRole('alert').filter({ hasText: /reach/i }).first()).toBeVisible();
    await expect(latchkey.chat.getByRole('article', { name: 'You' })).toContainText('To nobody');
    expect(server.getRequests()).toHaveLength(0);
  });

  test('get no message of 2 MB that was not pasted; it stays in the composer', async ({
    latchkey,
    server,
  }) => {
    await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY });
    const composer = latchkey.chat.getByRole('textbox', { name: 'Message' });
    const length = 2 * 1024 * 1024;
    // As what another program puts there; typing it would take minutes.
    await composer.evaluate((box: HTMLTextAreaElement, size) => {
      box.setRangeText('x'.repeat(size));
      box.dispatchEvent(new Event('input', { bubbles: true }));
    }, length);
    await latchkey.chat.getByRole('button', { name: 'Send' }).click();
    await expect(latchkey.chat.getByRole('alert')).toContainText(/long|large/i);
    expect(await composer.evaluate((box: HTMLTextAreaElement) => box.value.length)).toBe(length);
    expect(server.getRequests().filter(({ method }) => method === 'POST')).toHaveLength(0);
  });

  test('get a pasted text of 150 kB as a file beside the message', async ({ latchkey }) => {
    const patient = await startRawServer(({ head }, socket) => {
      if (head.startsWith('GET')) return sendStatus(socket, 200, '{"data":[{"id":"some-model"}]}');
      sendHealthy({ socket, dialect: 'responses' });
    });
    await enterKey(latchkey, { baseUrl: patient.baseUrl, key: KEY });
    const composer = latchkey.chat.getByRole('textbox', { name: 'Message' });
    const text = 'x'.repeat(150_000);
    await latchkey.electron.evaluate(({ clipboard }, copied) => clipboard.writeText(copied), text);
    await composer.focus();
    await latchkey.chat.keyboard.press('Control+V');
    const files = latchkey.chat.getByRole('list', { name: 'Attachments' }).getByRole('listitem');
    await expect(files).toHaveText([/Pasted text\.txt/]);
    await expect(composer).toHaveValue('');
    await send(latchkey.chat, 'What is this?');
    await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
    const posted = patient.requests.filter(({ head }) => head.startsWith('POST'));
    expect(posted.map(({ body }) => body.includes(text))).toEqual([true]);
    await patient.stop();
  });

  test('that ask for an hour of patience are asked again after a sleep that was longer', async ({
    latchkey,
  }) => {
    let isBusy = true;
    const busy = await startRawServer(({ head }, socket) => {
      if (head.startsWith('GET')) return sendStatus(socket, 200, '{"data":[{"id":"some-model"}]}');
      if (isBusy) return sendStatus(socket, 429, '{}', { 'retry-after': '3600' });
      sendHealthy({ socket, dialect: 'responses' });
    });
    const questions = () => busy.requests.filter(({ head }) => head.startsWith('POST')).length;
    const resume = () =>
      latchkey.electron.evaluate(({ powerMonitor }) => {
        powerMonitor.emit('resume');
        return powerMonitor.listenerCount('resume');
      });
    await enterKey(latchkey, { baseUrl: busy.baseUrl, key: KEY });
    await send(latchkey.chat, 'Please');
    await expect(assistantStatus(latchkey.chat)).toHaveText(/Trying again in/);
    // A short sleep ends no wait.
    expect(await resume()).toBe(1);
    await expect(latchkey.chat.getByRole('button', { name: 'Try now' })).toBeVisible();
    expect(questions()).toBe(1);
    isBusy = false;
    await latchkey.electron.evaluate(() => {
      const { now } = Date;
      Date.now = () => now() + 2 * 3_600_000;
    });
    expect(await resume()).toBe(0);
    await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
    expect(questions()).toBe(2);
    await busy.stop();
  });
});

test('the key window says what is wrong with a key or a URL and keeps the form', async ({
  latchkey,
  server,
}) => {
  const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
  const keyWindow = await latchkey.openKeyWindow(() => opener.click());
  for (const [baseUrl, reason] of [
    ['api.example.com/v1', /https:\/\//],
    ['https://user:pw@api.example.com/v1', /user|password/i],
    ['http://api.example.com/v1', /http/i],
    ['https://api.example.com/v1', /this computer|development/i],
  ] as const) {
    await fillConnection(keyWindow, { baseUrl });
    await keyWindow.getByLabel('API key', { exact: true }).fill(KEY);
    await keyWindow.getByRole('button', { name: 'Save key' }).click();
    await expect(keyWindow.getByRole('alert')).toContainText(reason);
    await expect(keyWindow.getByRole('textbox', { name: 'Base URL' })).toHaveValue(baseUrl);
  }
  await fillConnection(keyWindow, { baseUrl: `${server.url}/v1` });
  await keyWindow.getByLabel('API key', { exact: true }).fill('');
  await typeKey(keyWindow, 'sk two keys');
  await keyWindow.getByRole('button', { name: 'Save key' }).click();
  await expect(keyWindow.getByRole('alert')).toContainText(/space/i);
});

test('the key window is one at a time, is for the connection it was asked for last, and Escape cancels it', async ({
  latchkey,
  server,
}) => {
  await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY, label: 'work' });
  await latchkey.chat.keyboard.press('Control+,');
  const dialog = latchkey.chat.getByRole('dialog', { name: 'Settings' });
  const forNew = await latchkey.openKeyWindow(() =>
    dialog.getByRole('button', { name: 'Add API key' }).click(),
  );
  await expect(forNew.getByRole('heading', { name: 'Add an API key' })).toBeVisible();
  const forWork = await latchkey.openKeyWindow(() => dialog.getByRole('button', { name: 'Replace' }).click());
  await expect.poll(() => forNew.isClosed()).toBe(true);
  await expect(forWork.getByRole('heading', { name: 'Replace work' })).toBeVisible();
  await forWork
    .getByLabel('API key', { exact: true })
    .press('Escape')
    .catch(() => undefined);
  await expect.poll(() => forWork.isClosed()).toBe(true);
  await expect(dialog).toContainText('4f2a');
});

test('a pasted key is read by main; the window sees its last four', async ({ latchkey, server }) => {
  server.onMessage(/./, { content: 'ok' });
  await latchkey.electron.evaluate(({ clipboard }, key) => clipboard.writeText(`${key}\n`), KEY);
  const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
  const keyWindow = await latchkey.openKeyWindow(() => opener.click());
  await fillConnection(keyWindow, { baseUrl: `${server.url}/v1` });
  await keyWindow.getByRole('button', { name: 'Paste from clipboard' }).click();
  await expect(keyWindow.getByText('4f2a')).toBeVisible();
  expect(await keyWindow.content()).not.toContain(KEY);
  await clickAndSeeClosed(keyWindow, 'Save key');
  await send(latchkey.chat, 'Works?');
  await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
});

test.describe('links', () => {
  test(
    'at a cold start are shown, used only by Use, and never sent',
    proves('links-show-only'),
    async ({ profile, server }) => {
      const latchkey = await profile.launch({ args: [`--demo-server=${server.url}/v1`, LINK] });
      await latchkey.chat.getByRole('button', { name: 'Use local demo' }).click();
      const region = latchkey.chat.getByRole('region', { name: 'From a link' });
      await expect(region).toContainText('Summarise this');
      await expect(latchkey.chat.getByRole('textbox', { name: 'Message' })).toHaveValue('');
      await region.getByRole('button', { name: 'Use' }).click();
      await expect(latchkey.chat.getByRole('textbox', { name: 'Message' })).toHaveValue(
        'Summarise this\nplease',
      );
      expect(server.getRequests().filter(({ method }) => method === 'POST')).toHaveLength(0);
    },
  );

  test('reach a running Latchkey through a second start, which says so and ends well', async ({
    profile,
    server,
  }) => {
    const latchkey = await profile.launch({ args: [`--demo-server=${server.url}/v1`] });
    await latchkey.chat.getByRole('button', { name: 'Use local demo' }).click();
    await latchkey.chat.getByRole('textbox', { name: 'Message' }).fill('my own words');
    const second = await startSecond(profile, [LINK]);
    expect(second.code).toBe(0);
    expect(second.output).toContain('already running');
    const region = latchkey.chat.getByRole('region', { name: 'From a link' });
    await expect(region).toContainText('Summarise this');
    await expect(latchkey.chat.getByRole('textbox', { name: 'Message' })).toHaveValue('my own words');
    await region.getByRole('button', { name: 'Discard' }).click();
    await expect(region).toBeHidden();
    await expect(latchkey.chat.getByRole('textbox', { name: 'Message' })).toHaveValue('my own words');

    const refused = await startSecond(profile, ['latchkey://v1/chat?prompt=x&send=1']);
    expect(refused.code).toBe(0);
    await expect(latchkey.chat.getByRole('alert')).toContainText(/refused/i);
    expect(server.getRequests().filter(({ method }) => method === 'POST')).toHaveLength(0);
  });

  test('are not taken over by starting the app', proves('links-show-only'), async ({ latchkey }) => {
    expect(await latchkey.electron.evaluate(({ app }) => app.isDefaultProtocolClient('latchkey'))).toBe(
      false,
    );
  });
});

test('a profile folder that cannot be written: says which and why, and saves nothing elsewhere', async ({
  profile,
}) => {
  const plainFile = path.join(profile.folder, 'plain-file');
  writeFileSync(plainFile, 'in the way');
  const latchkey = await profile.launch({ profileFolder: path.join(plainFile, 'profile') });
  const alert = latchkey.chat.getByRole('alert');
  await expect(alert).toContainText('plain-file');
  await expect(alert.getByRole('button').first()).toBeEnabled();
  expect(readFileSync(plainFile, 'utf8')).toBe('in the way');
});

test('a damaged settings file is kept and said; the app starts', async ({ profile, server }) => {
  mkdirSync(profile.profileFolder, { recursive: true });
  writeFileSync(path.join(profile.profileFolder, 'settings.json'), '{"theme":"dar');
  const latchkey = await profile.launch({ args: [`--demo-server=${server.url}/v1`] });
  await expect(latchkey.chat.getByRole('alert')).toContainText(/damaged/i);
  const keptAs = readdirSync(profile.profileFolder).find((name) => name.startsWith('settings.damaged'));
  expect(keptAs).toBeDefined();
  expect(readFileSync(path.join(profile.profileFolder, keptAs ?? ''), 'utf8')).toBe('{"theme":"dar');
  server.onMessage(/./, { content: 'fine' });
  await latchkey.chat.getByRole('button', { name: 'Use local demo' }).click();
  await send(latchkey.chat, 'Hello');
  await expect(lastAnswer(latchkey.chat)).toContainText('fine');
});

/** Starts the program once more on the same profile and waits for its end. */
async function startSecond(
  profile: LatchkeyProfile,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { executablePath } = await resolveElectron();
  const repository = fileURLToPath(new URL('../..', import.meta.url));
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(
    executablePath,
    [...sandbox, repository, `--user-data-dir=${profile.profileFolder}`, ...args],
    {
      env: { ...profile.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, output });
    });
  });
}
