import type { Page } from '@playwright/test';
import { startConnectProxy } from '../harness/proxy-servers.ts';
import { startSecureFront } from '../harness/secure-server.ts';
import { createTestAuthority } from '../harness/test-certificates.ts';
import { expect, expectAccessible, send, startWithDemo, test } from './fixtures.ts';

async function openNetworkTab(chat: Page) {
  await startWithDemo(chat);
  await chat.keyboard.press('ControlOrMeta+,');
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('tab', { name: 'Network' }).click();
  return dialog;
}

const steps = (page: Page) => page.getByRole('list', { name: 'Steps' }).getByRole('listitem');

test.describe('the proxy', () => {
  test('is the system’s unless told otherwise, and changes by the keyboard alone', async ({ app, chat }) => {
    const dialog = await openNetworkTab(chat);
    const mode = dialog.getByRole('combobox', { name: 'Proxy' });
    await expect(mode).toHaveValue('system');
    await mode.focus();
    await chat.keyboard.press('ArrowDown');
    await expect.poll(() => app.core.settings.get().proxy.mode).toBe('none');
    await expectAccessible(chat);
  });

  test('is manual only once it has an address that makes sense', async ({ app, chat }) => {
    const dialog = await openNetworkTab(chat);
    await dialog.getByRole('combobox', { name: 'Proxy' }).selectOption('manual');
    const url = dialog.getByRole('textbox', { name: 'Proxy URL' });
    await dialog.getByRole('button', { name: 'Use this proxy' }).click();
    await expect(dialog.getByRole('alert')).toContainText('No address is set');
    await url.fill('ftp://proxy.test');
    await chat.keyboard.press('Enter');
    await expect(dialog.getByRole('alert')).toContainText('socks5://');
    expect(app.core.settings.get().proxy.mode).toBe('system');
    await url.fill('Proxy.test:3128');
    await dialog.getByRole('textbox', { name: 'Exceptions' }).fill('*.corp.test, <local>');
    await chat.keyboard.press('Enter');
    await expect(dialog.getByRole('alert')).toHaveCount(0);
    await expect(url).toHaveValue('http://proxy.test:3128');
    expect(app.core.settings.get().proxy).toMatchObject({
      mode: 'manual',
      url: 'http://proxy.test:3128',
      bypass: ['*.corp.test', '<local>'],
    });
    await expectAccessible(chat);
  });

  test('takes no login in this window: it is refused, leaves the field, and the key window is offered', async ({
    app,
    chat,
    openKeyWindow,
  }) => {
    const dialog = await openNetworkTab(chat);
    await dialog.getByRole('combobox', { name: 'Proxy' }).selectOption('manual');
    const url = dialog.getByRole('textbox', { name: 'Proxy URL' });
    await url.fill('http://ada:canary-pw@proxy.test:3128');
    await dialog.getByRole('button', { name: 'Use this proxy' }).click();
    const alert = dialog.getByRole('alert');
    await expect(alert).toContainText('Leave name and password out of the URL');
    await expect(url).toHaveValue('http://proxy.test:3128');
    await expect(chat.locator('body')).not.toContainText('canary-pw');
    expect(app.core.settings.get().proxy).toMatchObject({ mode: 'system', url: null });
    await expectAccessible(chat);

    const keyWindow = await openKeyWindow(() => alert.getByRole('button', { name: 'Enter login' }).click());
    await expect(keyWindow).toHaveTitle('Proxy login - Latchkey');
    await expectAccessible(keyWindow);
    await keyWindow.getByRole('textbox', { name: 'Proxy URL' }).fill('http://proxy.test:3128');
    await keyWindow.getByRole('textbox', { name: 'User name' }).fill('a:da');
    await keyWindow.getByLabel('Password').fill('canary-pw');
    await keyWindow.getByRole('button', { name: 'Save login' }).click();
    await expect(keyWindow.getByRole('alert')).toContainText('without a colon');
    await expect(keyWindow.getByLabel('Password')).toHaveValue('');
    await expectAccessible(keyWindow);
    await keyWindow.getByRole('textbox', { name: 'User name' }).fill('ada');
    await keyWindow.getByLabel('Password').fill('canary-pw');
    await keyWindow.getByRole('button', { name: 'Save login' }).click();
    await expect.poll(() => app.keyWindow.isOpen).toBe(false);

    await expect(dialog.getByText('Login for http://proxy.test:3128')).toContainText('in GNOME Keyring');
    await expect(url).toHaveValue('http://proxy.test:3128');
    await expect(dialog.getByRole('combobox', { name: 'Proxy' })).toHaveValue('manual');
    await expectAccessible(chat);
    await dialog.getByRole('button', { name: 'Remove login' }).click();
    await expect(dialog.getByText('No login is kept for a proxy.')).toBeVisible();
  });

  test('may follow the system’s script after a restart, which is offered', async ({ app, chat }) => {
    const dialog = await openNetworkTab(chat);
    await dialog.getByRole('checkbox', { name: /automatic configuration/ }).click();
    await expect(dialog.getByText('Takes effect when Latchkey starts again.')).toBeVisible();
    await expectAccessible(chat);
    await dialog.getByRole('button', { name: 'Restart now' }).click();
    await expect.poll(() => app.desktop.restarts).toBe(1);
  });
});

test.describe('certificates', () => {
  test('are added from a file, shown, and removed', async ({ app, chat }) => {
    const authority = await createTestAuthority('Company Root');
    const dialog = await openNetworkTab(chat);
    app.desktop.certificateFile = Buffer.from('no certificate');
    await dialog.getByRole('button', { name: 'Add certificate' }).click();
    await expect(dialog.getByRole('alert')).toContainText('no certificate that can be read');
    await expectAccessible(chat);
    app.desktop.certificateFile = Buffer.from(authority.pem);
    await dialog.getByRole('button', { name: 'Add certificate' }).click();
    const row = dialog
      .getByRole('list', { name: 'Added certificates' })
      .getByRole('listitem', { name: 'Company Root' });
    await expect(row).toContainText(authority.fingerprint);
    await expect(row).toContainText('Valid until');
    await expect(dialog.getByRole('alert')).toHaveCount(0);
    await expectAccessible(chat);
    await row.getByRole('button', { name: 'Remove Company Root' }).click();
    await expect(row).toHaveCount(0);
  });

  test('of the system count when that is checked', async ({ app, chat }) => {
    const dialog = await openNetworkTab(chat);
    const box = dialog.getByRole('checkbox', { name: /authorities of this system/ });
    await expect(box).not.toBeChecked();
    const { systemAuthorities } = await app.get('network.status', {});
    if (systemAuthorities === null) {
      await expect(box).toBeDisabled();
      return;
    }
    await box.click();
    await expect(box).toBeChecked();
    await expect.poll(() => app.core.settings.get().certificates.usesSystemStore).toBe(true);
  });
});

test.describe('the test of a connection', () => {
  test('shows every step of a way that is open', async ({ chat }) => {
    const dialog = await openNetworkTab(chat);
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await expect(dialog.getByRole('status')).toHaveText('The way is open.');
    await expect(steps(chat)).toHaveCount(5);
    await expect(steps(chat).nth(2)).toContainText('in order');
    await expect(steps(chat).nth(2)).toContainText('Connected to 127.0.0.1');
    await expectAccessible(chat);
  });

  test('says what failed, and the login can be entered from there', async ({
    app,
    chat,
    openKeyWindow,
    server,
  }) => {
    const authority = await createTestAuthority();
    const front = await startSecureFront(await authority.issue(['api.company.test']), server.url);
    const proxy = await startConnectProxy({ targetPort: front.port, login: 'ada:right' });
    const url = `http://127.0.0.1:${proxy.port}`;
    await app.addConnection({ baseUrl: 'https://api.company.test/v1', key: 'sk-test-0123456789abcdef' });
    await app.get('settings.change', { proxy: { mode: 'manual', url, bypass: [], followsScripts: false } });
    await expect(chat.getByRole('textbox', { name: 'Message' })).toBeVisible();
    await chat.keyboard.press('ControlOrMeta+,');
    const dialog = chat.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('tab', { name: 'Network' }).click();

    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await expect(dialog.getByRole('status')).toHaveText('The proxy wants a login.');
    await expect(steps(chat).first()).toContainText(`${url} wants a login (407)`);
    await expect(steps(chat).last()).toContainText('Not tried.');
    await expectAccessible(chat);
    const keyWindow = await openKeyWindow(() =>
      steps(chat).first().getByRole('button', { name: 'Enter login' }).click(),
    );
    await expect(keyWindow.getByRole('textbox', { name: 'Proxy URL' })).toHaveValue(url);
    await expect(keyWindow.getByRole('textbox', { name: 'Proxy URL' })).not.toBeEditable();
    await keyWindow.getByRole('textbox', { name: 'User name' }).fill('ada');
    await keyWindow.getByLabel('Password').fill('right');
    await keyWindow.getByRole('button', { name: 'Save login' }).click();
    await expect.poll(() => app.keyWindow.isOpen).toBe(false);

    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await expect(dialog.getByRole('status')).toHaveText('No secure connection.');
    await expect(steps(chat).nth(3)).toContainText('issued by Test Company Root');
    app.desktop.certificateFile = Buffer.from(authority.pem);
    await dialog.getByRole('button', { name: 'Add certificate' }).click();
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await expect(dialog.getByRole('status')).toHaveText('The way is open.');
    const row = dialog.getByRole('row').filter({ hasText: 'api.company.test' }).first();
    await expect(row).toContainText(`through ${url}`);
    await expectAccessible(chat);
    await proxy.stop();
    await front.stop();
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every state of the Network tab is accessible in ${colorScheme}`, async ({ app, chat, server }) => {
    await chat.emulateMedia({ colorScheme });
    server.onMessage(/./, { content: 'ok' });
    app.desktop.certificateFile = Buffer.from((await createTestAuthority('Company Root')).pem);
    await app.get('network.addCertificate', {});
    await app.get('settings.change', {
      proxy: {
        mode: 'manual',
        url: 'http://proxy.test:3128',
        bypass: ['*.corp.test'],
        followsScripts: false,
      },
    });
    await startWithDemo(chat);
    await send(chat, 'Hello');
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    await chat.keyboard.press('ControlOrMeta+,');
    const dialog = chat.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('tab', { name: 'Network' }).click();
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await expect(dialog.getByRole('status')).toHaveText('The way is open.');
    await expectAccessible(chat);
  });
}
