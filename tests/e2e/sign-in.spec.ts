import { tapChatWindow } from '../custody/tap-chat-window.ts';
import { startOpenRouterServer, type OpenRouterServer } from '../harness/openrouter-server.ts';
import { approve, callLoopback, callbackUrlOf, navigate } from '../harness/play-browser.ts';
import { expect, test } from './fixtures.ts';
import { interceptBrowser } from './intercept-browser.ts';

let openRouter: OpenRouterServer;

test.beforeEach(async () => {
  openRouter = await startOpenRouterServer();
});

test.afterEach(async () => {
  await openRouter.stop();
});

test('signing in puts the key into the keyring; no message to or from the window ever holds it', async ({
  profile,
}) => {
  const args = [`--openrouter-origin=${openRouter.origin}`];
  const latchkey = await profile.launch({ args });
  const { chat, electron } = latchkey;
  await tapChatWindow(electron);
  const opened = await interceptBrowser(electron);

  await chat.getByRole('button', { name: 'Sign in with OpenRouter' }).click();
  await expect(chat.getByRole('status', { name: 'Sign-in status' })).toHaveText(/Waiting/);
  const [address = '', ...others] = await opened();
  expect(others).toEqual([]);
  const callback = await approve(address);
  expect((await navigate(callback)).status).toBe(200);

  const card = chat.getByRole('group', { name: 'Key', exact: true });
  await expect(card).toContainText('OpenRouter');
  const [key = ''] = openRouter.minted;
  await expect(card).toContainText(key.slice(-4));
  await expect(card).toContainText('GNOME Keyring');
  await expect(callLoopback(callback)).rejects.toThrow(/ECONNREFUSED/);

  const transcript = (
    await electron.evaluate(() => (globalThis as { latchkeyTranscript?: string[] }).latchkeyTranscript ?? [])
  ).join('\n');
  expect(transcript).toContain('signIn.changed');
  const code = new URL(callback).searchParams.get('code') ?? '';
  const challenge = new URL(address).searchParams.get('code_challenge') ?? '';
  for (const secret of [key, code, challenge, new URL(callbackUrlOf(address)).pathname]) {
    expect(secret.length).toBeGreaterThan(20);
    expect(transcript).not.toContain(secret);
  }
  await latchkey.quit();

  const again = await profile.launch({ args });
  await expect(again.chat.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await again.chat.keyboard.press('Control+,');
  const dialog = again.chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('button', { name: 'Test' }).click();
  await expect(dialog.getByRole('status').filter({ hasText: 'Accepted' })).toBeVisible();
  expect(openRouter.bearers).toContain(`Bearer ${key}`);
});

test('on a development runtime it says why it cannot, before any browser opens', async ({ latchkey }) => {
  const isDevelopment = await latchkey.chat.getByText('Development runtime').isVisible();
  const opened = await interceptBrowser(latchkey.electron);
  await latchkey.chat.getByRole('button', { name: 'Sign in with OpenRouter' }).click();
  if (isDevelopment) {
    await expect(latchkey.chat.getByRole('alert')).toContainText('Not on a development runtime');
    expect(await opened()).toEqual([]);
  } else {
    await expect(latchkey.chat.getByRole('status', { name: 'Sign-in status' })).toHaveText(/Waiting/);
    expect((await opened()).map((url) => new URL(url).origin)).toEqual(['https://openrouter.ai']);
  }
});

test('quitting while it waits closes the port', async ({ profile }) => {
  const latchkey = await profile.launch({ args: [`--openrouter-origin=${openRouter.origin}`] });
  const opened = await interceptBrowser(latchkey.electron);
  await latchkey.chat.getByRole('button', { name: 'Sign in with OpenRouter' }).click();
  await expect(latchkey.chat.getByRole('status', { name: 'Sign-in status' })).toHaveText(/Waiting/);
  const callback = callbackUrlOf((await opened())[0] ?? '');
  expect((await callLoopback(callback)).status).toBe(400);
  await latchkey.quit();
  await expect(callLoopback(callback)).rejects.toThrow(/ECONNREFUSED/);
});
