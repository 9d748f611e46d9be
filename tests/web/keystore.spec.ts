import type { KeystoreStatus } from '../../electron/contract/model/connection.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const BACKEND = { backend: 'gnome_libsecret', name: 'GNOME Keyring' };
const AVAILABLE: KeystoreStatus = { kind: 'available', ...BACKEND };
const CHECKING: KeystoreStatus = { kind: 'checking', ...BACKEND };
const KEY = 'sk-test-0123456789abcdef-4f2a';

function locked(cause: 'locked' | 'prompt' | 'silent'): KeystoreStatus {
  return { kind: 'locked', ...BACKEND, cause, advice: 'Do this and that.' };
}

test('a newcomer is told that the keystore is locked before a key is asked for, and can try again', async ({
  app,
  chat,
}) => {
  app.cipher.change(locked('locked'));
  const note = chat.getByRole('note').filter({ hasText: 'GNOME Keyring is locked' });
  await expect(note).toContainText('Do this and that.');
  await expect(note).toContainText('forgotten when you quit');
  await expectAccessible(chat);
  app.cipher.keystore = AVAILABLE;
  await note.getByRole('button', { name: 'Try again' }).click();
  await expect(note).toBeHidden();
});

for (const [cause, words] of [
  ['locked', 'GNOME Keyring is locked'],
  ['prompt', 'GNOME Keyring asks for its password'],
  ['silent', 'GNOME Keyring does not answer'],
] as const) {
  test(`the custody card says that ${words}, and follows the keystore by itself`, async ({
    app,
    chat,
    server,
  }) => {
    await app.addConnection({ baseUrl: `${server.url}/v1`, key: KEY });
    app.cipher.failure = 'locked';
    app.cipher.change(locked(cause));
    const card = chat.getByRole('group', { name: 'Key' });
    await expect(card).toContainText(words);
    await expect(card.getByRole('button', { name: 'Try again' })).toBeEnabled();
    await card.getByRole('button', { name: 'Key details' }).click();
    const story = chat.getByRole('dialog');
    await expect(story).toContainText('Do this and that.');
    await expect(story.getByRole('button', { name: 'Try again' })).toBeEnabled();
    await expectAccessible(chat);
    app.cipher.change(CHECKING);
    await expect(card).toContainText('Waiting for GNOME Keyring');
    await expect(story).toContainText('Waiting for GNOME Keyring');
    app.cipher.failure = null;
    app.cipher.change(AVAILABLE);
    await expect(card).toContainText('in GNOME Keyring');
    await expect(card.getByRole('button', { name: 'Try again' })).toBeHidden();
  });
}

test('the custody card names the keystore that wrote the key, and the way back', async ({
  app,
  chat,
  server,
}) => {
  await app.addConnection({ baseUrl: `${server.url}/v1`, key: KEY });
  app.cipher.failure = 'other-backend';
  app.cipher.change(AVAILABLE);
  const card = chat.getByRole('group', { name: 'Key' });
  await expect(card).toContainText('in GNOME Keyring, not in use now');
  await card.getByRole('button', { name: 'Key details' }).click();
  await expect(chat.getByRole('dialog')).toContainText('start Latchkey with --password-store=');
  await expectAccessible(chat);
});

test('the key window says where the key would rest, asks, and says it again', async ({
  app,
  chat,
  openKeyWindow,
}) => {
  app.cipher.change(locked('locked'));
  const keyWindow = await openKeyWindow(() => chat.getByRole('button', { name: 'Add API key' }).click());
  const note = keyWindow.getByRole('note').filter({ hasText: 'GNOME Keyring is locked' });
  await expect(note).toContainText('for this session only');
  await expectAccessible(keyWindow);
  let answer = (): void => undefined;
  app.cipher.answered = new Promise((resolve) => {
    answer = resolve;
  });
  await note.getByRole('button', { name: 'Try again' }).click();
  await expect(keyWindow.getByText('Waiting for GNOME Keyring')).toBeVisible();
  app.cipher.keystore = AVAILABLE;
  answer();
  await expect(keyWindow.getByText('protected by GNOME Keyring')).toBeVisible();
});
