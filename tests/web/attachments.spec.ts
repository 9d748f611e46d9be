import type { Page } from '@playwright/test';
import { KEY } from '../harness/chat-world.ts';
import { makePng } from '../harness/make-png.ts';
import { expect, expectAccessible, startWithDemo, test } from './fixtures.ts';

interface LocalFile {
  readonly name: string;
  readonly content: Uint8Array;
}

const RED = makePng(80, 60);
const BLUE = makePng(60, 80, { rgb: [40, 60, 200] });
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function attachments(chat: Page) {
  return chat.getByRole('list', { name: 'Attachments' }).getByRole('listitem');
}

/** Lets the page have files as a drop or a paste would. */
async function give(
  chat: Page,
  way: 'drop' | 'paste' | 'dragenter',
  files: readonly LocalFile[],
): Promise<void> {
  const plain = files.map(({ name, content }) => ({ name, base64: Buffer.from(content).toString('base64') }));
  await chat.evaluate(
    ([kind, list]) => {
      const dataTransfer = new DataTransfer();
      for (const { name, base64 } of list) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name));
      }
      const options = { bubbles: true, cancelable: true };
      const target = document.querySelector('textarea') ?? document.body;
      target.dispatchEvent(
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: dataTransfer })
          : new DragEvent(kind, { ...options, dataTransfer }),
      );
    },
    [way, plain] as const,
  );
}

async function pasteText(chat: Page, text: string, html: string | null = null): Promise<boolean> {
  return chat.evaluate(
    ([plain, markup]) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', plain);
      if (markup !== null) {
        clipboardData.setData('text/html', markup);
        clipboardData.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
      }
      const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData });
      return document.querySelector('textarea')?.dispatchEvent(event) ?? false;
    },
    [text, html] as const,
  );
}

test.beforeEach(async ({ chat, server }) => {
  server.onMessage(/.*/s, { content: 'An answer.' });
  // Colours are measured: not in the middle of a transition.
  await chat.emulateMedia({ reducedMotion: 'reduce' });
  await startWithDemo(chat);
});

test('files are picked, shown, sent without a word, and shown with their message', async ({ app, chat }) => {
  app.desktop.files = [
    { name: 'red.png', bytes: RED },
    { name: 'notes.md', bytes: utf8('# Notes') },
  ];
  const sendButton = chat.getByRole('button', { name: 'Send' });
  await expect(sendButton).toBeDisabled();
  await chat.getByRole('button', { name: 'Attach' }).click();
  await expect(attachments(chat)).toHaveText([/red\.png/, /notes\.md.*7 B/]);
  await expectAccessible(chat);
  await sendButton.click();
  const message = chat.getByRole('article', { name: 'You' });
  await expect(message.getByRole('list', { name: 'Files' })).toContainText('notes.md');
  await expect(attachments(chat)).toHaveCount(0);
  await message.getByRole('button', { name: 'Save notes.md' }).click();
  await expect.poll(() => app.desktop.savedFiles.map(({ defaultName }) => defaultName)).toEqual(['notes.md']);
  await expect(chat.getByRole('status', { name: 'Notification' })).toHaveText('Saved');
  await message.getByRole('button', { name: 'Open red.png' }).press('Enter');
  const dialog = chat.getByRole('dialog', { name: 'red.png' });
  await expect(dialog.getByRole('img', { name: 'red.png' })).toBeVisible();
  await expectAccessible(chat);
  await dialog.getByRole('button', { name: 'Save as' }).click();
  await expect.poll(() => app.desktop.savedFiles.length).toBe(2);
  await chat.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a dropped file that cannot be sent is named with what to do, and the others are there', async ({
  chat,
}) => {
  await give(chat, 'dragenter', [{ name: 'a', content: utf8('a') }]);
  await expect(chat.getByText('Drop to attach to the message')).toBeVisible();
  await give(chat, 'drop', [
    { name: 'red.png', content: RED },
    { name: 'program', content: Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0]) },
    { name: 'blue.png', content: BLUE },
  ]);
  await expect(chat.getByText('Drop to attach to the message')).toBeHidden();
  await expect(attachments(chat)).toHaveText([/red\.png/, /blue\.png/]);
  const problem = chat.getByRole('alert');
  await expect(problem).toContainText('program is of a kind that cannot be sent');
  await expectAccessible(chat);
  await problem.getByRole('button', { name: 'Dismiss' }).click();
  await expect(problem).toHaveCount(0);
});

test('nothing is taken while a dialog is open', async ({ chat }) => {
  await chat.keyboard.press('Control+Comma');
  await expect(chat.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  await give(chat, 'drop', [{ name: 'red.png', content: RED }]);
  await chat.keyboard.press('Escape');
  await give(chat, 'drop', [{ name: 'blue.png', content: BLUE }]);
  await expect(attachments(chat)).toHaveText([/blue\.png/]);
});

test('a removed file comes back by Undo, and files stay with the draft over a reload', async ({ chat }) => {
  await give(chat, 'paste', [
    { name: 'a.txt', content: utf8('a') },
    { name: 'b.txt', content: utf8('b') },
  ]);
  await expect(attachments(chat)).toHaveCount(2);
  await chat.getByRole('button', { name: 'Remove a.txt' }).click();
  await expect(attachments(chat)).toHaveText([/b\.txt/]);
  await expect(chat.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await chat.getByRole('button', { name: 'Undo' }).click();
  await expect(attachments(chat)).toHaveText([/b\.txt/, /a\.txt/]);
  await chat.reload();
  await expect(attachments(chat)).toHaveText([/b\.txt/, /a\.txt/]);
});

test('a very long text becomes a file, a short one and formatted text stay text', async ({ chat }) => {
  expect(await pasteText(chat, 'x'.repeat(100_000))).toBe(true);
  expect(await pasteText(chat, 'from a word processor', '<b>from</b>')).toBe(true);
  await expect(attachments(chat)).toHaveCount(0);
  expect(await pasteText(chat, 'x'.repeat(100_001))).toBe(false);
  await expect(attachments(chat)).toHaveText([/Pasted text\.txt.*100/]);
  await expect(chat.getByRole('textbox', { name: 'Message' })).toHaveValue('');
});

test('Send waits for a picture that is still being prepared, and a failed one says so', async ({
  app,
  chat,
}) => {
  app.imageWindow.mode = 'silent';
  await give(chat, 'drop', [
    { name: 'red.png', content: RED },
    { name: 'a.txt', content: utf8('a') },
  ]);
  await chat.getByRole('textbox', { name: 'Message' }).fill('Look');
  await expect(attachments(chat)).toHaveText([/red\.pngPreparing/, /a\.txtPreparing/]);
  await expect(chat.getByRole('button', { name: 'Send' })).toBeDisabled();
  app.imageWindow.mode = 'working';
  app.imageWindow.close();
  await expect(chat.getByRole('alert')).toContainText('red.png could not be prepared');
  await expect(attachments(chat)).toHaveText([/a\.txt/]);
  await expect(chat.getByRole('button', { name: 'Send' })).toBeEnabled();
});

test('a key in a text file is named before it is kept, before it leaves, and goes on when that is meant', async ({
  chat,
}) => {
  await give(chat, 'drop', [{ name: 'config.env', content: utf8(`KEY=${KEY}`) }]);
  const problem = chat.getByRole('alert');
  await expect(problem).toContainText('There seems to be an API key in config.env');
  await expect(attachments(chat)).toHaveCount(0);
  await expectAccessible(chat);
  await problem.getByRole('button', { name: 'Attach anyway' }).click();
  await expect(attachments(chat)).toHaveText([/config\.env/]);
  await expect(problem).toHaveCount(0);
  await chat.getByRole('button', { name: 'Send' }).click();
  await expect(problem).toContainText('There seems to be an API key in config.env');
  await expect(chat.getByRole('article')).toHaveCount(0);
  await expectAccessible(chat);
  await problem.getByRole('button', { name: 'Send anyway' }).click();
  await expect(chat.getByRole('article', { name: 'You' })).toContainText('config.env');
});

test('a picture whose content is gone says so in its place', async ({ app, chat }) => {
  await give(chat, 'drop', [{ name: 'red.png', content: RED }]);
  await expect(attachments(chat)).toHaveCount(1);
  await chat.route(/\/attachments\//, (route) => route.fulfill({ status: 200, body: '' }));
  await chat.getByRole('button', { name: 'Send' }).click();
  await expect(chat.getByRole('article', { name: 'You' })).toContainText('red.png is missing');
  expect(app.desktop.savedFiles).toEqual([]);
});

test('a file that the model does not take says so before it is sent, and until a model does', async ({
  chat,
}) => {
  const model = chat.getByRole('combobox', { name: 'Model' });
  await model.fill('gpt-3.5-turbo');
  await model.press('Enter');
  await give(chat, 'drop', [
    { name: 'red.png', content: RED },
    { name: 'a.txt', content: utf8('a') },
  ]);
  await expect(attachments(chat)).toHaveText([/red\.pngNot taken by gpt-3.5-turbo/, /a\.txt1 B/]);
  const note = chat.getByText('gpt-3.5-turbo takes no pictures: choose another model, or remove it.');
  await expect(note).toBeVisible();
  await expectAccessible(chat);
  await chat.getByRole('button', { name: 'Send' }).click();
  await expect(chat.getByRole('alert')).toContainText('This model does not take pictures');
  await chat.getByRole('button', { name: 'Choose a model' }).last().click();
  await expect(model).toBeFocused();
  await model.fill('gpt-4o');
  await model.press('Enter');
  await expect(note).toHaveCount(0);
  await expect(attachments(chat)).toHaveText([/red\.png/, /a\.txt/]);
});

test('the files of a message that is edited are shown, can be removed, and go along without words', async ({
  app,
  chat,
  server,
}) => {
  server.onMessage(/.*/s, { content: 'I see.' });
  await give(chat, 'drop', [
    { name: 'red.png', content: RED },
    { name: 'a.txt', content: utf8('a') },
  ]);
  await expect(attachments(chat)).toHaveText([/red\.png/, /a\.txt1 B/]);
  await chat.getByRole('textbox', { name: 'Message' }).fill('Look');
  await chat.getByRole('button', { name: 'Send' }).click();
  await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
  const message = chat.getByRole('article', { name: 'You' });
  await message.hover();
  await message.getByRole('button', { name: 'Edit' }).click();
  await expect(attachments(chat)).toHaveText([/red\.png/, /a\.txt/]);
  const editor = chat.getByRole('textbox', { name: 'Edit message' });
  await editor.fill('');
  await expectAccessible(chat);
  await message.getByRole('button', { name: 'Remove a.txt' }).click();
  await expect(attachments(chat)).toHaveText([/red\.png/]);
  await expect(editor).toBeFocused();
  await message.getByRole('button', { name: 'Send' }).click();
  await expect(message).toContainText('2/2');
  await expect(message.getByRole('listitem')).toHaveCount(1);
  const [row] = await app.get('conversations.list', {});
  const { messages } = await app.get('conversations.open', { id: row?.id ?? '' });
  expect(messages[0]).toMatchObject({ text: '', attachments: [{ name: 'red.png' }] });
  await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
});
