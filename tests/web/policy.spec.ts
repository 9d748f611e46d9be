import type { Page } from '@playwright/test';
import { createTestCore } from '../harness/create-test-core.ts';
import { MANAGED_ID, managedConnection, testPolicy } from '../harness/test-policy.ts';
import { expect, expectAccessible, send, test } from './fixtures.ts';

const KEY = 'sk-test-0123456789abcdef-4f2a';
const MARK = /Managed by your organisation/;

async function openSettings(chat: Page, tab: string): Promise<void> {
  await chat.keyboard.press('Control+,');
  await chat.getByRole('tab', { name: tab }).click();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`a policy that cannot be used, in ${colorScheme}`, () => {
    test.use({
      colorScheme,
      policy: {
        code: 'policy/untrusted',
        message: 'The file belongs to user 1000; it has to belong to root.',
        details: { path: '/etc/latchkey/policy.json' },
      },
    });

    test('blocks the window, which says what is wrong, where, and whom to ask', async ({ app, chat }) => {
      const alert = chat.getByRole('alert');
      await expect(alert.getByRole('heading')).toHaveText(
        'The policy of your organisation cannot be trusted',
      );
      await expect(alert).toContainText('/etc/latchkey/policy.json');
      await expect(alert).toContainText('belongs to user 1000');
      await expect(alert).toContainText('Ask your administrator');
      await expect(alert).toContainText('Nothing was deleted');
      await expect(chat.getByRole('textbox')).toHaveCount(0);
      await expect(chat.getByRole('button')).toHaveText(['Try again']);
      await expectAccessible(chat);
      await chat.getByRole('button', { name: 'Try again' }).click();
      await expect.poll(() => app.desktop.restarts).toBe(1);
    });
  });

  test.describe(`a managed connection, in ${colorScheme}`, () => {
    test.use({
      colorScheme,
      policy: async ({ server }, use) =>
        use(
          testPolicy({
            connections: [managedConnection(`${server.url}/v1`, { defaultModel: 'gpt-5.2' })],
            allowsOwnConnections: false,
            models: [{ names: ['gpt-5*'] }],
            allowsDeepLinks: false,
            allowsExport: false,
          }),
        ),
    });

    test('asks for a key, is marked, and cannot be edited', async ({ app, chat, openKeyWindow, server }) => {
      server.onMessage(/./, { content: 'Hello.' });
      await expect(chat.getByRole('heading', { name: 'Welcome to Latchkey' })).toHaveCount(0);
      await expect(chat.getByText('One key, and you are ready')).toBeVisible();
      await expect(chat.getByText(MARK)).toBeVisible();
      await expectAccessible(chat);

      const keyWindow = await openKeyWindow(() => chat.getByRole('button', { name: 'Add API key' }).click());
      await expect(keyWindow.getByRole('textbox', { name: 'Base URL' })).not.toBeEditable();
      await keyWindow.getByLabel('API key', { exact: true }).fill(KEY);
      await keyWindow.getByRole('button', { name: 'Save key' }).click();
      await expect.poll(() => app.keyWindow.isOpen).toBe(false);
      await expect(chat.getByText('Ready when you are')).toBeVisible();

      await openSettings(chat, 'Keys');
      const row = chat.getByRole('listitem', { name: 'Example Ltd' });
      const edit = row.getByRole('button', { name: 'Edit' });
      await expect(edit).toBeDisabled();
      await expect(edit).toHaveAccessibleDescription(/Managed by your organisation\. Only its keys/);
      await expect(row.getByRole('button', { name: 'Remove', exact: true })).toBeDisabled();
      await expect(row.getByRole('button', { name: 'Add another key' })).toBeEnabled();
      const add = chat.getByRole('button', { name: 'Add API key' });
      await expect(add).toBeDisabled();
      await expect(add).toHaveAccessibleDescription(/Only the connections it set up/);
      await expect(chat.getByRole('button', { name: 'Find local servers' })).toHaveCount(0);
      await expect(chat.getByRole('button', { name: 'Sign in with OpenRouter' })).toHaveCount(0);
      await expectAccessible(chat);

      await chat.getByRole('tab', { name: 'Automation' }).click();
      const links = chat.getByRole('checkbox', { name: /latchkey:\/\// });
      await expect(links).toBeDisabled();
      await expect(links).toHaveAccessibleDescription(/Links are turned off/);
      await expectAccessible(chat);

      await chat.getByRole('tab', { name: 'About' }).click();
      const about = chat.getByRole('region', { name: MARK });
      await expect(about).toContainText('Example Ltd is set up for you; no other connection can be used.');
      await expect(about).toContainText('Models that may be asked: any gpt-5….');
      await expect(about).toContainText('Links from other programs are turned off.');
      await expect(about).toContainText('/etc/latchkey/policy.json');
      await expect(about).toContainText('after a restart');
      await expectAccessible(chat);
    });
  });
}

test.describe('models that are not allowed', () => {
  test.use({
    policy: async ({ server }, use) =>
      use(
        testPolicy({
          connections: [
            managedConnection(`${server.url}/v1`, { provider: 'local', defaultModel: 'gpt-5.2' }),
          ],
          models: [{ names: ['gpt-5*'] }],
        }),
      ),
  });

  test('are refused with the way to another, and the message stays', async ({ app, chat, server }) => {
    server.onMessage(/./, { content: 'Hello.' });
    const model = chat.getByRole('combobox', { name: 'Model' });
    await model.fill('gpt-4o');
    await model.press('Enter');
    await send(chat, 'Hi there');
    const alert = chat.getByRole('alert');
    await expect(alert).toContainText('Model not allowed by your organisation');
    await expect(alert).toContainText('gpt-4o was not asked');
    await expect(chat.getByRole('textbox', { name: 'Message' })).toHaveValue('Hi there');
    await alert.getByRole('button', { name: 'Choose a model' }).click();
    await expect(model).toBeFocused();
    await model.fill('gpt-5.2');
    await model.press('Enter');
    await chat.getByRole('button', { name: 'Send' }).click();
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    expect((await app.get('connections.list', {})).map(({ id }) => id)).toEqual([MANAGED_ID]);
  });
});

test.describe('a connection from before the policy', () => {
  test.use({
    policy: async ({ folder }, use) => {
      const former = await createTestCore({ folder });
      await former.addConnection({ baseUrl: 'http://127.0.0.1:9/v1', key: KEY });
      await former.stop();
      await use(testPolicy({ origins: ['https://api.openai.com'] }));
    },
  });

  test('is listed with the reason, and cannot be used', async ({ chat }) => {
    await expect(chat.getByRole('group', { name: 'Key' })).toContainText('Not allowed by your organisation');
    await chat.getByRole('combobox', { name: 'Model' }).fill('gpt-5.2');
    await chat.keyboard.press('Enter');
    await send(chat, 'Hi there');
    const alert = chat.getByRole('alert');
    await expect(alert).toContainText('Address not allowed by your organisation');
    await expect(alert).toContainText('http://127.0.0.1:9');
    await alert.getByRole('button', { name: 'Open key settings' }).click();
    const row = chat.getByRole('listitem', { name: 'work' }).first();
    await expect(row).toContainText('Address not allowed by your organisation');
    for (const name of ['Test', 'Replace', 'Add another key'])
      await expect(row.getByRole('button', { name, exact: true })).toBeDisabled();
    await expect(row.getByRole('button', { name: 'Remove', exact: true })).toBeEnabled();
    await expectAccessible(chat);
  });
});

test.describe('where nothing is set up and nothing may be added', () => {
  test.use({ policy: testPolicy({ allowsOwnConnections: false }) });

  test('the welcome says so and offers nothing', async ({ chat }) => {
    const add = chat.getByRole('button', { name: 'Add API key' });
    await expect(add).toBeDisabled();
    await expect(add).toHaveAccessibleDescription(/Ask your administrator/);
    for (const name of ['Use local demo', 'Sign in with OpenRouter'])
      await expect(chat.getByRole('button', { name })).toHaveCount(0);
    await expect(chat.getByRole('region', { name: 'A key for OpenAI' })).toHaveCount(0);
    await expectAccessible(chat);
  });
});

test.describe('where a keystore is required and there is none', () => {
  test.use({ policy: testPolicy({ requiresKeystore: true }) });

  test('the welcome and the key window say so before a key is asked for', async ({
    app,
    chat,
    openKeyWindow,
  }) => {
    app.cipher.keystore = { kind: 'session-only', backend: 'basic_text', reason: 'No keyring answered.' };
    await chat.reload();
    await expect(chat.getByRole('note')).toContainText('A keystore is needed first. No keyring answered.');
    await expectAccessible(chat);
    const keyWindow = await openKeyWindow(() => chat.getByRole('button', { name: 'Add API key' }).click());
    await expect(keyWindow.getByRole('alert')).toContainText('A keystore is needed first');
    await expect(keyWindow.getByRole('alert')).toContainText('No keyring answered.');
    await expect(keyWindow.getByLabel('API key', { exact: true })).toHaveCount(0);
    await expectAccessible(keyWindow);
  });

  test('a sign-in is refused with the reason, and no browser opens', async ({ app, chat }) => {
    app.cipher.keystore = { kind: 'session-only', backend: 'basic_text', reason: 'No keyring answered.' };
    await chat.getByRole('button', { name: 'Sign in with OpenRouter' }).click();
    const alert = chat.getByRole('alert');
    await expect(alert).toContainText('A keystore is needed first');
    await expect(alert).toContainText('No keyring answered.');
    expect(app.desktop.browserUrls).toEqual([]);
    await expectAccessible(chat);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`where a keystore is required and it is locked, in ${colorScheme}`, () => {
    test.use({ colorScheme, policy: testPolicy({ requiresKeystore: true }) });

    test('the key window waits for it, says that nothing is saved before, and goes on once it is open', async ({
      app,
      chat,
      openKeyWindow,
      server,
    }) => {
      const { keystore } = app.cipher;
      app.cipher.keystore = {
        kind: 'locked',
        backend: 'gnome_libsecret',
        name: 'GNOME Keyring',
        cause: 'locked',
        advice: 'Unlock it with its password to go on.',
      };
      await chat.reload();
      await expect(chat.getByRole('note')).toContainText('Your organisation allows no key before that.');
      await expectAccessible(chat);
      const keyWindow = await openKeyWindow(() => chat.getByRole('button', { name: 'Add API key' }).click());
      const note = keyWindow.getByRole('note');
      await expect(note).toContainText('GNOME Keyring is locked.');
      await expect(note).toContainText('Your organisation allows no key before that.');
      await keyWindow.getByRole('combobox', { name: 'Provider' }).selectOption({ index: 3 });
      await keyWindow.getByRole('textbox', { name: 'Base URL' }).fill(`${server.url}/v1`);
      await keyWindow.getByLabel('API key', { exact: true }).fill(KEY);
      await keyWindow.getByRole('button', { name: 'Save key' }).click();
      await expect(keyWindow.getByRole('alert')).toContainText('A keystore is needed first');
      await expect(keyWindow.getByRole('alert')).toContainText('GNOME Keyring is locked.');
      await expectAccessible(keyWindow);

      app.cipher.keystore = keystore;
      await keyWindow.getByRole('button', { name: 'Try again' }).click();
      await expect(note).toHaveCount(0);
      await keyWindow.getByLabel('API key', { exact: true }).fill(KEY);
      await keyWindow.getByRole('button', { name: 'Save key' }).click();
      await expect.poll(() => app.keyWindow.isOpen).toBe(false);
      expect((await app.get('connections.list', {}))[0]?.key?.state).toBe('ok');
    });
  });
}
