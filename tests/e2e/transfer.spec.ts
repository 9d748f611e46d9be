import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeChatGPTDocument, pictureIdOf } from '../harness/make-chatgpt-export.ts';
import { makePng } from '../harness/make-png.ts';
import { makeZip } from '../harness/make-zip.ts';
import { expect, test, type RunningLatchkey } from './fixtures.ts';

/** Answers the system's dialogs with these paths from now on. */
async function answerDialogs(
  latchkey: RunningLatchkey,
  paths: { readonly open: string; readonly save: string },
): Promise<void> {
  await latchkey.electron.evaluate(({ dialog }, { open, save }) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [open] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: save });
  }, paths);
}

async function openPrivacy(latchkey: RunningLatchkey) {
  await latchkey.chat.keyboard.press('Control+,');
  const dialog = latchkey.chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('tab', { name: 'Privacy', exact: true }).click();
  return dialog;
}

test('an archive of ChatGPT’s is imported with its pictures, exported, and known when it comes again', async ({
  profile,
}) => {
  const at = (name: string): string => path.join(profile.folder, name);
  const document = [...makeChatGPTDocument(0, 12)].join('');
  const picture = { name: `${pictureIdOf(0)}-a.png`, content: makePng(40, 30) };
  writeFileSync(at('export.zip'), makeZip([{ name: 'conversations.json', content: document }, picture]));
  const latchkey = await profile.launch();
  await answerDialogs(latchkey, { open: at('export.zip'), save: at('one.json') });
  const dialog = await openPrivacy(latchkey);
  const status = dialog.getByRole('status', { name: 'Import and export status' });
  await dialog.getByRole('button', { name: 'Import conversations…' }).click();
  await expect(status).toContainText('Imported 12 conversations.');
  await dialog.getByRole('button', { name: 'Export all as JSON…' }).click();
  await expect(status).toContainText('Exported 12 conversations to one.json.');
  expect(statSync(at('one.json')).mode & 0o777).toBe(0o600);
  const exported = JSON.parse(readFileSync(at('one.json'), 'utf8')) as { files: unknown[] };
  expect(exported.files).toHaveLength(1);

  // The same again: what is here is known, the picture too.
  await dialog.getByRole('button', { name: 'Import conversations…' }).click();
  await expect(status).toContainText('Imported 0 conversations, 12 already here.');
  await answerDialogs(latchkey, { open: at('one.json'), save: at('two.json') });
  await dialog.getByRole('button', { name: 'Import conversations…' }).click();
  await expect(status).toContainText('Imported 0 conversations, 12 already here.');
  await dialog.getByRole('button', { name: 'Export all as JSON…' }).click();
  await expect(status).toContainText('Exported 12 conversations to two.json.');
  expect(readFileSync(at('two.json'))).toEqual(readFileSync(at('one.json')));
  await latchkey.chat.keyboard.press('Escape');
  await latchkey.chat.getByRole('button', { name: 'Chat 1 “about” things' }).click();
  await expect(latchkey.chat.getByRole('article', { name: 'Tool: python' })).toHaveCount(2);
});
