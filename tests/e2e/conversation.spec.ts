import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import {
  assistantStatus,
  clickAndSeeClosed,
  countedWords,
  enterKey,
  expect,
  lastAnswer,
  send,
  SLOW,
  test,
} from './fixtures.ts';
import { proves } from '../harness/proves.ts';

const KEY = 'sk-test-0123456789-abcdefghij-4f2a';
const WORDS = countedWords(150);

test('prints what it runs on', async ({ latchkey }) => {
  const versions = await latchkey.electron.evaluate(() => ({ ...process.versions }));
  process.stdout.write(`process.versions: ${JSON.stringify(versions)}\n`);
  expect(versions.electron).toMatch(/^\d+\./);
});

test(
  'first run: a key in a real keyring, a streamed answer, a restart, and everything is still there',
  proves('ciphertext-only', 'no-contact'),
  async ({ profile, latchkey, server }) => {
    server.onMessage(/./, { content: WORDS }, { chunkSize: 20 });
    await expect(latchkey.chat.getByRole('heading', { name: 'Welcome to Latchkey' })).toBeVisible();
    await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY });
    const backend = await latchkey.electron.evaluate(({ safeStorage }) =>
      safeStorage.getSelectedStorageBackend(),
    );
    process.stdout.write(`keystore backend: ${backend}\n`);
    expect(backend).toBe('gnome_libsecret');
    const card = latchkey.chat.getByRole('group', { name: 'Key' });
    await expect(card).toContainText('GNOME Keyring');
    await expect(card).toContainText('4f2a');

    const vaultFile = path.join(profile.profileFolder, 'vault.json');
    expect(statSync(vaultFile).mode & 0o777).toBe(0o600);
    const vault = JSON.parse(readFileSync(vaultFile, 'utf8')) as {
      keys: { cipherText: string; backend: string }[];
    };
    expect(
      Buffer.from(vault.keys[0]?.cipherText ?? '', 'base64')
        .subarray(0, 3)
        .toString(),
    ).toBe('v11');
    expect(vault.keys[0]?.backend).toBe('gnome_libsecret');

    await send(latchkey.chat, 'Count for me');
    await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
    await expect(lastAnswer(latchkey.chat)).toContainText(WORDS);
    await latchkey.quit();

    const again = await profile.launch();
    await again.chat.getByRole('list', { name: 'Conversations' }).getByText('Count for me').click();
    await expect(lastAnswer(again.chat)).toContainText(WORDS);
    await expect(again.chat.getByRole('article', { name: 'You' })).toContainText('Count for me');
    await send(again.chat, 'And again');
    await expect(again.chat.getByRole('article', { name: 'Assistant' })).toHaveCount(2);
    await expect(assistantStatus(again.chat)).toHaveText(/Done/);
  },
);

test('Stop keeps what arrived', async ({ latchkey, server }) => {
  server.onMessage(/./, { content: WORDS }, SLOW);
  await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY });
  await send(latchkey.chat, 'Count');
  await expect(lastAnswer(latchkey.chat)).toContainText('w5');
  await latchkey.chat.getByRole('button', { name: 'Stop' }).click();
  await expect(assistantStatus(latchkey.chat)).toHaveText(/Stopped/);
  const kept = await lastAnswer(latchkey.chat).innerText();
  expect(kept).toContain('w5');
  expect(kept).not.toContain('w149');
});

test('a reload in the middle of an answer loses nothing and doubles nothing', async ({
  latchkey,
  server,
}) => {
  server.onMessage(/./, { content: WORDS }, SLOW);
  await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY });
  await send(latchkey.chat, 'Count');
  await expect(lastAnswer(latchkey.chat)).toContainText('w10');
  await latchkey.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.reload();
  });
  await latchkey.chat.getByRole('list', { name: 'Conversations' }).getByText('Count').click();
  await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/, { timeout: 60_000 });
  const shown = await lastAnswer(latchkey.chat).innerText();
  expect(shown.match(/w\d+/g)?.join(' ')).toBe(WORDS);
});

test('kill -9 in the middle of an answer: question and partial answer are there, marked, and go on', async ({
  profile,
  latchkey,
  server,
}) => {
  server.onMessage(/./, { content: WORDS }, SLOW);
  await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY });
  await send(latchkey.chat, 'Count');
  await expect(lastAnswer(latchkey.chat)).toContainText('w20');
  await latchkey.kill();

  const again = await profile.launch();
  await again.chat.getByRole('list', { name: 'Conversations' }).getByText('Count').click();
  await expect(again.chat.getByRole('article', { name: 'You' })).toContainText('Count');
  await expect(assistantStatus(again.chat)).toHaveText(/Interrupted/);
  const partial = (await lastAnswer(again.chat).innerText()).match(/w\d+/g) ?? [];
  expect(partial.length).toBeGreaterThan(10);
  expect(WORDS.startsWith(partial.slice(0, -1).join(' '))).toBe(true);

  server.clearFixtures();
  server.onMessage(/./, { content: ' the end.' });
  await again.chat.getByRole('button', { name: 'Continue' }).click();
  await expect(assistantStatus(again.chat)).toHaveText(/Done/);
  await expect(lastAnswer(again.chat)).toContainText('the end.');
  await expect(lastAnswer(again.chat)).toContainText('w10');
});

test.describe('without a keyring', () => {
  test.use({ keystore: 'none' });

  test(
    'says "this session only" before the key is asked for, and forgets it at quit',
    proves('ciphertext-only'),
    async ({ profile, latchkey, server }) => {
      server.onMessage(/./, { content: 'An answer.' });
      await expect(latchkey.chat.getByText(/this session only|until you quit/i).first()).toBeVisible();
      const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
      const keyWindow = await latchkey.openKeyWindow(() => opener.click());
      await expect(keyWindow.getByText(/this session only|until you quit/i).first()).toBeVisible();
      await clickAndSeeClosed(keyWindow, 'Cancel');

      await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY });
      await expect(latchkey.chat.getByRole('group', { name: 'Key' })).toContainText(/this session only/i);
      await send(latchkey.chat, 'Hello');
      await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
      await latchkey.quit();
      expect(readFileSync(path.join(profile.profileFolder, 'vault.json'), 'utf8')).not.toContain(
        'cipherText',
      );

      const again = await profile.launch();
      await again.chat.getByRole('list', { name: 'Conversations' }).getByText('Hello').click();
      await send(again.chat, 'Still there?');
      await expect(again.chat.getByRole('alert')).toContainText(/key/i);
      await expect(again.chat.getByRole('textbox', { name: 'Message' })).toHaveValue('Still there?');
    },
  );
});
