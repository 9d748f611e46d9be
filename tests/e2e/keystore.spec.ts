import { execFileSync } from 'node:child_process';
import { readFileSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LLMock } from '@copilotkit/aimock';
import type { Page } from '@playwright/test';
import { proves } from '../harness/proves.ts';
import {
  assistantStatus,
  clickAndSeeClosed,
  enterKey,
  expect,
  fillConnection,
  send,
  test,
  typeKey,
  type LatchkeyProfile,
  type RunningLatchkey,
} from './fixtures.ts';

const KEY = 'sk-test-0123456789-abcdefghij-4f2a';

interface StoredKey {
  readonly cipherText: string;
}

test('an open keyring is used without a second Electron, and the next start verifies the key', async ({
  profile,
  server,
}) => {
  const probes = watchProbes(profile);
  await saveKeyAndQuit(profile, server);
  const latchkey = await profile.launch();
  await expect(card(latchkey)).toContainText('in GNOME Keyring');
  expect(probes.count()).toBe(0);
  await latchkey.quit();

  const whole = readVault(profile);
  const cipherText = Buffer.from(whole.keys[0]?.cipherText ?? '', 'base64');
  cipherText[20] = (cipherText[20] ?? 0) ^ 1;
  const damaged = { ...whole, keys: [{ ...whole.keys[0], cipherText: cipherText.toString('base64') }] };
  writeFileSync(vaultFile(profile), JSON.stringify(damaged));
  const unreadable = await profile.launch();
  await expect(card(unreadable)).toContainText('cannot be decrypted');
  expect(readVault(profile)).toEqual(damaged);
  await unreadable.quit();

  writeFileSync(vaultFile(profile), JSON.stringify(whole));
  const mended = await profile.launch();
  await expect(card(mended)).toContainText('in GNOME Keyring');
  await ask(mended, 'And now?');
  probes.stop();
});

test.describe('a locked keyring', () => {
  test(
    'leaves the window usable, and after Try again the same process sends with the key',
    proves('never-destroyed'),
    async ({ profile, server }) => {
      const probes = watchProbes(profile);
      const before = await saveKeyAndQuit(profile, server);
      await profile.lockKeyring();
      const latchkey = await profile.launch();
      await expect(card(latchkey)).toContainText('GNOME Keyring is locked');
      // The keyring was asked, by another process than main.
      expect(probes.count()).toBe(1);
      await sendInConversation(latchkey, 'Anybody?');
      const alert = latchkey.chat.getByRole('alert');
      await expect(alert).toContainText('GNOME Keyring is locked');
      await expect(message(latchkey.chat)).toHaveValue('Anybody?');
      expect(cipherTexts(profile)).toEqual(before);

      await profile.unlockKeyring();
      await alert.getByRole('button', { name: 'Try again' }).click();
      await expect(latchkey.chat.getByRole('article', { name: 'You' }).last()).toContainText('Anybody?');
      await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
      await expect(card(latchkey)).toContainText('in GNOME Keyring');
      expect(server.getRequests().at(-1)?.headers['authorization']).toBeDefined();
      expect(cipherTexts(profile)).toEqual(before);
      probes.stop();
    },
  );

  test('that is unlocked elsewhere is noticed by the next message', async ({ profile, server }) => {
    await saveKeyAndQuit(profile, server);
    await profile.lockKeyring();
    const latchkey = await profile.launch();
    await expect(card(latchkey)).toContainText('GNOME Keyring is locked');
    await profile.unlockKeyring();
    await sendInConversation(latchkey, 'Is anybody there?');
    await expect(latchkey.chat.getByRole('article', { name: 'Assistant' })).toHaveCount(2);
    await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
    await expect(card(latchkey)).toContainText('in GNOME Keyring');
  });

  test(
    'says before a key is entered that it would be for this session, and Try again takes that back',
    proves('ciphertext-only'),
    async ({ profile, server }) => {
      server.onMessage(/./, { content: 'An answer.' });
      await profile.lockKeyring();
      const latchkey = await profile.launch();
      const note = latchkey.chat.getByRole('note').filter({ hasText: 'GNOME Keyring is locked' });
      await expect(note).toContainText('forgotten when you quit');
      const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
      const keyWindow = await latchkey.openKeyWindow(() => opener.click());
      await expect(keyWindow.getByRole('note').first()).toContainText('for this session only');
      await profile.unlockKeyring();
      await keyWindow.getByRole('button', { name: 'Try again' }).click();
      await expect(keyWindow.getByText('protected by GNOME Keyring')).toBeVisible();
      await fillConnection(keyWindow, { baseUrl: `${server.url}/v1` });
      await typeKey(keyWindow, KEY);
      await clickAndSeeClosed(keyWindow, 'Save key');
      await expect(card(latchkey)).toContainText('in GNOME Keyring');
      expect(cipherTexts(profile)).toHaveLength(1);
    },
  );

  test('takes a key for this session when it stays locked', async ({ profile, server }) => {
    server.onMessage(/./, { content: 'An answer.' });
    await profile.lockKeyring();
    const latchkey = await profile.launch();
    await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY });
    await expect(card(latchkey)).toContainText('this session only');
    await ask(latchkey, 'Hello');
    expect(cipherTexts(profile)).toEqual([]);
  });
});

test(
  'a keyring that is switched off after a key was saved: says so, keeps the key, and uses it once it is back',
  proves('never-destroyed'),
  async ({ profile, server }) => {
    const before = await saveKeyAndQuit(profile, server);
    await profile.switchOffKeyring();
    const latchkey = await profile.launch();
    await expect(card(latchkey)).toContainText('GNOME Keyring does not answer');
    await sendInConversation(latchkey, 'Anybody?');
    await expect(latchkey.chat.getByRole('alert')).toContainText('GNOME Keyring does not answer');
    await expect(message(latchkey.chat)).toHaveValue('Anybody?');
    await latchkey.quit();
    expect(cipherTexts(profile)).toEqual(before);

    await profile.unlockKeyring();
    const back = await profile.launch();
    await expect(card(back)).toContainText('in GNOME Keyring');
    await sendInConversation(back, 'And now?');
    await expect(assistantStatus(back.chat)).toHaveText(/Done/);
    expect(cipherTexts(profile)).toEqual(before);
  },
);

test(
  'another keystore than the one that wrote the key: names that one and the way back, and keeps the key',
  proves('never-destroyed'),
  async ({ profile, server }) => {
    const before = await saveKeyAndQuit(profile, server);
    const latchkey = await profile.launch({ args: ['--password-store=basic'] });
    await expect(card(latchkey)).toContainText('in GNOME Keyring, not in use now');
    await sendInConversation(latchkey, 'Anybody?');
    const alert = latchkey.chat.getByRole('alert');
    await expect(alert).toContainText('GNOME Keyring');
    await expect(alert).toContainText('--password-store=gnome-libsecret');
    await card(latchkey).getByRole('button', { name: 'Key details' }).click();
    await expect(latchkey.chat.getByRole('dialog')).toContainText('--password-store=gnome-libsecret');
    await latchkey.quit();
    expect(cipherTexts(profile)).toEqual(before);

    const back = await profile.launch();
    await expect(card(back)).toContainText('in GNOME Keyring');
    await sendInConversation(back, 'And now?');
    await expect(assistantStatus(back.chat)).toHaveText(/Done/);
    expect(cipherTexts(profile)).toEqual(before);
  },
);

test.describe('an unlock prompt that nobody answers', () => {
  test.use({ hasPrompter: true });

  test('never freezes the window, comes once, and the key works when the keyring is open', async ({
    profile,
    server,
  }) => {
    const probes = watchProbes(profile);
    await saveKeyAndQuit(profile, server);
    await profile.lockKeyring();
    const latchkey = await profile.launch();
    await expect.poll(() => isPrompting(profile)).toBe(true);
    await expect(card(latchkey)).toContainText('Waiting for GNOME Keyring');
    // The prompt is on the screen. Meanwhile routes answer, and what is typed appears.
    await latchkey.chat.getByRole('list', { name: 'Conversations' }).getByText('Hello').click();
    await expect(latchkey.chat.getByRole('article', { name: 'Assistant' })).toContainText('An answer.');
    await message(latchkey.chat).pressSequentially('Written while it waits');
    await expect(message(latchkey.chat)).toHaveValue('Written while it waits');
    expect(await latchkey.electron.evaluate(({ app }) => app.getName())).toBe('Latchkey');

    // A message waits for the verdict, then stays in the composer.
    await latchkey.chat.getByRole('button', { name: 'Send' }).click();
    const alert = latchkey.chat.getByRole('alert');
    await expect(alert).toContainText('asks for its password');
    await expect(card(latchkey)).toContainText('GNOME Keyring asks for its password');
    await expect(message(latchkey.chat)).toHaveValue('Written while it waits');
    await card(latchkey).getByRole('button', { name: 'Try again' }).click();
    await expect(card(latchkey)).toContainText('Waiting for GNOME Keyring');
    expect(probes.count()).toBe(1);

    await profile.unlockKeyring();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
    await expect(card(latchkey)).toContainText('in GNOME Keyring');
    await expect.poll(() => probeProcesses(profile)).toEqual([]);
    probes.stop();
  });

  test('is not left behind by an app that was killed', async ({ profile, server }) => {
    await saveKeyAndQuit(profile, server);
    await profile.lockKeyring();
    const latchkey = await profile.launch();
    await expect.poll(() => probeProcesses(profile).length).toBeGreaterThan(0);
    await latchkey.kill();
    await expect.poll(() => probeProcesses(profile)).toEqual([]);
  });
});

/** Saves a key, uses it and quits. Resolves to the ciphertexts on the disk. */
async function saveKeyAndQuit(profile: LatchkeyProfile, server: LLMock): Promise<readonly string[]> {
  server.onMessage(/./, { content: 'An answer.' });
  const latchkey = await profile.launch();
  await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY });
  await expect(card(latchkey)).toContainText('in GNOME Keyring');
  await ask(latchkey, 'Hello');
  await latchkey.quit();
  const saved = cipherTexts(profile);
  expect(saved).toHaveLength(1);
  return saved;
}

/** Asks in the conversation on the screen, or in a new one. */
async function ask({ chat }: RunningLatchkey, text: string): Promise<void> {
  await send(chat, text);
  await expect(chat.getByRole('article', { name: 'You' }).last()).toContainText(text);
  await expect(assistantStatus(chat)).toHaveText(/Done/);
}

async function sendInConversation(latchkey: RunningLatchkey, text: string): Promise<void> {
  await latchkey.chat.getByRole('list', { name: 'Conversations' }).getByText('Hello').click();
  await send(latchkey.chat, text);
}

function card({ chat }: RunningLatchkey) {
  return chat.getByRole('group', { name: 'Key' });
}

function message(chat: Page) {
  return chat.getByRole('textbox', { name: 'Message' });
}

function vaultFile(profile: LatchkeyProfile): string {
  return path.join(profile.profileFolder, 'vault.json');
}

function readVault(profile: LatchkeyProfile): { readonly keys: readonly StoredKey[] } {
  // `as`: the app wrote it.
  return JSON.parse(readFileSync(vaultFile(profile), 'utf8')) as { readonly keys: readonly StoredKey[] };
}

function cipherTexts(profile: LatchkeyProfile): readonly string[] {
  return readVault(profile).keys.map(({ cipherText }) => cipherText);
}

/** Counts the folders that probes make for themselves in the test's own temporary folder, however short they live. */
function watchProbes(profile: LatchkeyProfile): { count(): number; stop(): void } {
  const names = new Set<string>();
  const watcher = watch(path.join(profile.folder, 'tmp'), (_event, name) => {
    if (name?.startsWith('latchkey-probe-')) names.add(name);
  });
  return { count: () => names.size, stop: () => watcher.close() };
}

/** Whether the keyring's own prompter is on the test's bus. */
function isPrompting(profile: LatchkeyProfile): boolean {
  const answer = execFileSync(
    'dbus-send',
    [
      ...['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'],
      ...['org.freedesktop.DBus.NameHasOwner', 'string:org.gnome.keyring.SystemPrompter'],
    ],
    { env: { ...profile.env }, encoding: 'utf8' },
  );
  return /boolean true/.test(answer);
}

/** Command lines of the probes of this test that run. */
function probeProcesses(profile: LatchkeyProfile): readonly string[] {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('latchkey-probe-') && line.includes(path.join(profile.folder, 'tmp')));
}
