import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { makeChatGPTDocument, pictureIdOf } from '../harness/make-chatgpt-export.ts';
import { makeZip } from '../harness/make-zip.ts';
import { pngNumber } from '../harness/sample-files.ts';
import { expect, expectAccessible, startWithDemo, test } from './fixtures.ts';

async function openPrivacy(chat: Page) {
  await chat.keyboard.press('ControlOrMeta+,');
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('tab', { name: 'Privacy', exact: true }).click();
  return dialog;
}

/** An export of ChatGPT's with two damaged items. */
function writeExport(folder: string, count: number): string {
  const file = path.join(folder, 'conversations.json');
  const document = [...makeChatGPTDocument(0, count)].join('');
  writeFileSync(
    file,
    document
      .replace('"title":"Chat 2 ', '"title":"Chat 2\u0007 ')
      .replace(/("title":"Chat 6 [^"]*",.*?)"mapping":/, '$1"mapped":'),
  );
  return file;
}

test('an import from the empty list shows what came of it, names what failed, and can be read at once', async ({
  chat,
  app,
  folder,
}) => {
  await startWithDemo(chat);
  app.desktop.importFiles = [writeExport(folder, 30)];
  await chat.getByRole('button', { name: 'Import conversations…' }).first().click();
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  const status = dialog.getByRole('status', { name: 'Import and export status' });
  await expect(status).toContainText('Imported 28 conversations, 2 failed.');
  await expect(status).toContainText('pictures or files');
  const failures = status.getByRole('list', { name: 'What failed' });
  await expect(failures.getByRole('listitem')).toHaveText([
    'Item 3 “Chat 2 “about” things” is damaged.',
    'Item 7 “Chat 6 “about” things” has no messages.',
  ]);
  await expect(status.getByRole('img', { name: 'Not all of it' })).toBeVisible();
  // The section is the last of the page: its result comes into sight by itself.
  await expect(status.getByRole('button', { name: 'Copy report' })).toBeInViewport();
  await expectAccessible(chat);
  await status.getByRole('button', { name: 'Dismiss' }).click();
  await expect(status).toBeEmpty();
  await chat.keyboard.press('Escape');

  await chat.getByRole('button', { name: 'Chat 1 “about” things' }).click();
  const tool = chat.getByRole('article', { name: 'Tool: python' }).last();
  await expect(tool.getByRole('group', { name: 'What the tool said' })).toBeHidden();
  await tool.getByRole('button', { name: 'Tool: python' }).click();
  await expect(tool.getByRole('group', { name: 'What the tool said' })).toHaveText('1');
  await expectAccessible(chat);
});

test('what was exported says so, and a second time is as identical as the first', async ({
  chat,
  app,
  folder,
}) => {
  await startWithDemo(chat);
  app.desktop.importFiles = [writeExport(folder, 9)];
  const dialog = await openPrivacy(chat);
  await dialog.getByRole('button', { name: 'Import conversations…' }).click();
  const status = dialog.getByRole('status', { name: 'Import and export status' });
  await expect(status).toContainText('Imported 7 conversations');
  app.desktop.exportTarget = path.join(folder, 'one.json');
  await dialog.getByRole('button', { name: 'Export all as JSON…' }).click();
  await expect(status).toContainText('Exported 7 conversations to one.json.');
  app.desktop.importFiles = [path.join(folder, 'one.json')];
  await dialog.getByRole('button', { name: 'Import conversations…' }).click();
  await expect(status).toContainText('Imported 0 conversations, 7 already here.');
  app.desktop.exportTarget = path.join(folder, 'notes');
  await dialog.getByRole('button', { name: 'Export all as Markdown…' }).click();
  await expect(status).toContainText('Exported 7 conversations to notes.');
  expect(readdirSync(path.join(folder, 'notes'))).toHaveLength(7);
  await dialog.getByRole('button', { name: 'Export all as Markdown…' }).click();
  await expect(status.getByRole('alert')).toContainText('The export could not be written');
});

test('one conversation is exported as Markdown from its menu', async ({ chat, app, folder }) => {
  await startWithDemo(chat);
  app.desktop.importFiles = [writeExport(folder, 2)];
  await chat.getByRole('button', { name: 'Import conversations…' }).first().click();
  await expect(chat.getByRole('status', { name: 'Import and export status' })).toContainText('Imported');
  await chat.keyboard.press('Escape');
  app.desktop.exportTarget = path.join(folder, 'chat.md');
  await chat.getByRole('button', { name: 'Chat 1 “about” things' }).click({ button: 'right' });
  await chat.getByRole('menuitem', { name: 'Export as Markdown…' }).click();
  await expect(chat.getByRole('status', { name: 'Notification' })).toHaveText(
    'Exported 1 conversation to chat.md.',
  );
  expect(app.desktop.exportNames).toEqual(['Chat 1 “about” things.md']);
  const markdown = readFileSync(path.join(folder, 'chat.md'), 'utf8');
  expect(markdown).toMatch(/^# Chat 1 “about” things\n/);
  expect(markdown).toContain('1. [A page](<https://example.org/page>)');
});

test('a file that is none is refused in words', async ({ chat, app, folder }) => {
  await startWithDemo(chat);
  app.desktop.importFiles = [path.join(folder, 'history.sqlite')];
  const dialog = await openPrivacy(chat);
  await dialog.getByRole('button', { name: 'Import conversations…' }).click();
  await expect(dialog.getByRole('alert')).toContainText('This is no file with conversations');
  await expectAccessible(chat);
  await dialog.getByRole('button', { name: 'Dismiss' }).click();
  await expect(dialog.getByRole('alert')).toBeHidden();
});

test('a large import shows how far it is, and nothing of it stays when it is cancelled', async ({
  chat,
  app,
  folder,
}) => {
  await startWithDemo(chat);
  const file = path.join(folder, 'export.zip');
  const picture = { name: `${pictureIdOf(0)}.png`, content: Buffer.from(pngNumber(1)) };
  writeFileSync(
    file,
    makeZip([{ name: 'conversations.json', content: [...makeChatGPTDocument(0, 600)].join('') }, picture]),
  );
  app.desktop.importFiles = [file];
  // The picture of the first conversation is never done, so that the import is still under way when it is cancelled.
  app.imageWindow.mode = 'silent';
  const dialog = await openPrivacy(chat);
  await dialog.getByRole('button', { name: 'Import conversations…' }).click();
  const status = dialog.getByRole('status', { name: 'Import and export status' });
  const progress = status.getByRole('progressbar', { name: 'Importing' });
  await expect(progress).toHaveAttribute('max', /^\d{7}$/);
  await expect(progress).toBeInViewport();
  await expectAccessible(chat);
  await status.getByRole('button', { name: 'Cancel' }).click();
  await expect(status).toContainText('Cancelling');
  await expect(status.getByRole('button', { name: 'Cancel' })).toBeDisabled();
  await expect(status).toContainText('Import cancelled. Nothing was imported.', { timeout: 15_000 });
  await expect(dialog.getByRole('button', { name: 'Import conversations…' })).toBeEnabled();
  expect(await app.get('conversations.list', {})).toEqual([]);
});

test('a conversation from elsewhere asks the connection for its own model, not for the name it came with', async ({
  chat,
  app,
  folder,
}) => {
  await startWithDemo(chat);
  app.desktop.importFiles = [writeExport(folder, 2)];
  await chat.getByRole('button', { name: 'Import conversations…' }).first().click();
  const status = chat.getByRole('status', { name: 'Import and export status' });
  await expect(status).toContainText('Imported 2');
  await chat.keyboard.press('Escape');
  const model = chat.getByRole('combobox', { name: 'Model' });
  await expect(model).not.toHaveValue('');
  const usual = await model.inputValue();
  await chat.getByRole('button', { name: 'Chat 1 “about” things' }).click();
  await expect(chat.getByRole('article', { name: 'Tool: python' }).last()).toBeVisible();
  await expect(model).toHaveValue(usual);

  // The same for our own export, which keeps the name so that it stays as it is to the byte.
  const own = path.join(folder, 'own.json');
  app.desktop.exportTarget = own;
  const dialog = await openPrivacy(chat);
  await dialog.getByRole('button', { name: 'Export all as JSON…' }).click();
  await expect(status).toContainText('Exported 2');
  const text = readFileSync(own, 'utf8').replaceAll(
    '"titleSource":"imported","model":null',
    '"titleSource":"imported","model":"their-model"',
  );
  expect(text).toContain('their-model');
  writeFileSync(
    own,
    text.replaceAll('"title":"Chat 1', '"title":"Theirs').replaceAll('"text":"', '"text":"x'),
  );
  app.desktop.importFiles = [own];
  await dialog.getByRole('button', { name: 'Import conversations…' }).click();
  await expect(status).toContainText('Imported 2');
  await chat.keyboard.press('Escape');
  await chat.getByRole('button', { name: 'Theirs “about” things' }).click();
  await expect(chat.getByRole('article', { name: 'Tool: python' }).last()).toBeVisible();
  await expect(model).toHaveValue(usual);
});
