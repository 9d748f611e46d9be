import { expect, expectAccessible, startWithDemo, test } from './fixtures.ts';
import { proves } from '../harness/proves.ts';

const KEY = 'sk-test-canary-0123456789abcdef';

test.describe('a pasted key', () => {
  test('offers to clear the clipboard once it is pasted, on at first, and remembers the answer', async ({
    app,
    chat,
    openKeyWindow,
    server,
  }) => {
    app.desktop.clipboardText = KEY;
    const keyWindow = await openKeyWindow(() => chat.getByRole('button', { name: 'Add API key' }).click());
    const box = keyWindow.getByRole('checkbox', { name: 'Clear the clipboard after saving' });
    await keyWindow.getByRole('combobox', { name: 'Provider' }).selectOption('compatible');
    await keyWindow.getByRole('textbox', { name: 'Base URL' }).fill(`${server.url}/v1`);
    await expect(box).toBeHidden();
    await keyWindow.getByRole('button', { name: 'Paste from clipboard' }).click();
    await expect(box).toBeChecked();
    await expectAccessible(keyWindow);
    await box.uncheck();
    const told = await chat.evaluateHandle(() => {
      const { latchkey } = globalThis as unknown as {
        latchkey: { subscribe(listener: (event: { name: string }) => void): () => void };
      };
      const changed = new Promise<void>((resolve) => {
        latchkey.subscribe(({ name }) => {
          if (name === 'settings.changed') resolve();
        });
      });
      return { changed };
    });
    await keyWindow.getByRole('button', { name: 'Save key' }).click();
    await told.evaluate(({ changed }) => changed);
    expect(app.keyWindow.isOpen).toBe(false);
    expect(app.core.settings.get().clearsClipboard).toBe(false);
    expect(app.desktop.clipboardText).toBe(KEY);
  });

  test('takes the offer back when a key is typed instead', async ({ app, chat, openKeyWindow }) => {
    app.desktop.clipboardText = KEY;
    const keyWindow = await openKeyWindow(() => chat.getByRole('button', { name: 'Add API key' }).click());
    await keyWindow.getByRole('button', { name: 'Paste from clipboard' }).click();
    await expect(keyWindow.getByRole('checkbox')).toBeVisible();
    await keyWindow.getByLabel('API key', { exact: true }).pressSequentially('sk-');
    await expect(keyWindow.getByRole('checkbox')).toBeHidden();
  });
});

test('diagnostics show all that Copy copies', proves('nowhere-else'), async ({ app, chat, context }) => {
  await startWithDemo(chat);
  app.logger.warn('a line of the log');
  await chat.keyboard.press('ControlOrMeta+,');
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('tab', { name: 'About' }).click();
  const box = dialog.getByRole('textbox', { name: 'Diagnostics' });
  await expect(box).toHaveValue(/a line of the log/);
  await expect(box).not.toBeEditable();
  await expectAccessible(chat);
  await dialog.getByRole('button', { name: 'Copy diagnostics' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Copied.');
  // Pasted into a page of its own, as into a report: the two texts are the same.
  const report = await context.newPage();
  await report.setContent('<textarea aria-label="Report"></textarea>');
  await report.getByRole('textbox', { name: 'Report' }).focus();
  await report.keyboard.press('ControlOrMeta+v');
  await expect(report.getByRole('textbox', { name: 'Report' })).toHaveValue(await box.inputValue());
});
