import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { startDisplay } from '../../scripts/run/display.mjs';
import { makePng } from '../harness/make-png.ts';
import { EVENT_STREAM_HEAD, responseEvent, startRawServer } from '../harness/raw-server.ts';
import { assistantStatus, enterKey, expect, test } from './fixtures.ts';

const KEY = 'sk-test-0123456789-abcdefghij-4f2a';
const PDF = '%PDF-1.7\nhello\n%%EOF\n';

/** Lets the system's dialogs answer by themselves. */
function answerDialogs(
  electron: ElectronApplication,
  picked: readonly string[],
  saveTo: string,
): Promise<void> {
  return electron.evaluate(
    ({ dialog }, [filePaths, filePath]) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...filePaths] });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    [picked, saveTo] as const,
  );
}

/** Pictures on the clipboard: the newest Electron no longer types these two. */
interface PictureClipboard {
  writeImage(image: Electron.NativeImage): void;
  readImage(): Electron.NativeImage;
}

/** Drops a file on the window. */
function drop(chat: Page, name: string, bytes: Uint8Array): Promise<void> {
  return chat.evaluate(
    ([fileName, base64]) => {
      const dataTransfer = new DataTransfer();
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      dataTransfer.items.add(new File([content], fileName));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
    },
    [name, Buffer.from(bytes).toString('base64')] as const,
  );
}

test('files that were picked, dropped and pasted go out as parts of the request, and are there after a restart', async ({
  profile,
}) => {
  const server = await startRawServer(({ head }, socket) => {
    const isQuestion = head.startsWith('POST');
    const answer = [
      responseEvent({ type: 'response.output_text.delta', delta: 'Seen.' }),
      responseEvent({ type: 'response.completed', response: {} }),
    ];
    const models = JSON.stringify({ data: [{ id: 'some-model' }] });
    const list = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${models.length}\r\n\r\n${models}`;
    socket.end(isQuestion ? EVENT_STREAM_HEAD + answer.join('') : list);
  });
  // A clipboard belongs to a display, and other tests have the usual one.
  const display = await startDisplay({ reuse: false });
  const latchkey = await profile.launch({ env: { ...display.env } });
  const { chat, electron } = latchkey;
  await enterKey(latchkey, { baseUrl: server.baseUrl, key: KEY });

  const notes = path.join(profile.folder, 'notes.md');
  const report = path.join(profile.folder, 'report.pdf');
  const savedTo = path.join(profile.folder, 'saved.png');
  writeFileSync(notes, '\ufeff# Grüße');
  writeFileSync(report, PDF);
  await answerDialogs(electron, [notes, report, path.join(profile.folder, 'gone.txt')], savedTo);
  await chat.getByRole('button', { name: 'Attach' }).click();
  await expect(chat.getByRole('alert')).toContainText('gone.txt could not be read');
  await drop(chat, 'photo.png', makePng(3_000, 1_500));
  const files = chat.getByRole('list', { name: 'Attachments' }).getByRole('listitem');
  await expect(files).toHaveText([/notes\.md/, /report\.pdf/, /photo\.png/]);
  await electron.evaluate(
    ({ clipboard, nativeImage }, base64) => {
      (clipboard as unknown as PictureClipboard).writeImage(
        nativeImage.createFromDataURL(`data:image/png;base64,${base64}`),
      );
    },
    Buffer.from(makePng(20, 10)).toString('base64'),
  );
  await chat.getByRole('textbox', { name: 'Message' }).focus();
  await chat.keyboard.press('Control+V');
  await expect(files).toHaveText([/notes\.md/, /report\.pdf/, /photo\.png/, /image\.png/]);
  // Nothing of where they lay is known to the window.
  expect(await chat.content()).not.toContain(profile.folder);

  await chat.getByRole('textbox', { name: 'Message' }).fill('What is this?');
  await chat.getByRole('button', { name: 'Send' }).click();
  await expect(assistantStatus(chat)).toHaveText(/Done/);
  const posted = server.requests.findLast(({ head }) => head.startsWith('POST'));
  const { input } = JSON.parse(posted?.body ?? '{}') as {
    input: { role: string; content: Record<string, string>[] }[];
  };
  const content = input.at(-1)?.content ?? [];
  expect(content.map(({ type }) => type).toSorted()).toEqual([
    'input_file',
    'input_image',
    'input_image',
    'input_text',
    'input_text',
  ]);
  const texts = content.flatMap(({ text }) => text ?? []).join('\n');
  expect(texts).toContain('# Grüße');
  expect(texts).toContain('What is this?');
  const [photo, pasted] = content.flatMap(({ image_url: url }) => url ?? []);
  for (const [url, width, height] of [
    [photo, 2_048, 1_024],
    [pasted, 20, 10],
  ] as const) {
    const bytes = Buffer.from(/^data:image\/png;base64,(.+)$/.exec(url ?? '')?.[1] ?? '', 'base64');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([width, height]);
  }
  const [pdf] = content.flatMap(({ file_data: data }) => data ?? []);
  expect(pdf).toBe(`data:application/pdf;base64,${Buffer.from(PDF).toString('base64')}`);

  await chat.getByRole('button', { name: 'Open photo.png' }).click();
  const dialog = chat.getByRole('dialog', { name: 'photo.png' });
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect
    .poll(() =>
      electron.evaluate(({ clipboard }) => (clipboard as unknown as PictureClipboard).readImage().getSize()),
    )
    .toEqual({ width: 2_048, height: 1_024 });
  await dialog.getByRole('button', { name: 'Save as' }).click();
  await expect.poll(() => statSync(savedTo, { throwIfNoEntry: false })?.size ?? 0).toBeGreaterThan(0);
  expect(readFileSync(savedTo).readUInt32BE(16)).toBe(2_048);
  await latchkey.quit();

  const again = await profile.launch({ env: { ...display.env } });
  await again.chat.getByRole('list', { name: 'Conversations' }).getByText('What is this?').click();
  const image = again.chat.getByRole('article', { name: 'You' }).getByRole('img', { name: 'photo.png' });
  await expect
    .poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth))
    .toBe(2_048);
  await again.quit();
  await display.stop();
  await server.stop();
});
