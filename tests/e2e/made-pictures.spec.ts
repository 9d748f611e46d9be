import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PLAIN_HEAD, sendStatus } from '../harness/faults/exchange.ts';
import { makePng } from '../harness/make-png.ts';
import { responseEvent, startRawServer } from '../harness/raw-server.ts';
import { assistantStatus, enterKey, expect, lastAnswer, send, test } from './fixtures.ts';

test('a picture that a model made is shown, kept, saved and shown to the model again', async ({
  profile,
  latchkey,
}) => {
  const picture = Buffer.from(makePng(64, 48));
  const item = { type: 'image_generation_call', status: 'completed', result: picture.toString('base64') };
  const made = responseEvent({ type: 'response.output_item.done', output_index: 0, item });
  const completed = responseEvent({ type: 'response.completed', response: {} });
  const server = await startRawServer(({ head }, socket) => {
    if (head.startsWith('GET')) return sendStatus(socket, 200, '{"data":[{"id":"some-model"}]}');
    socket.end(PLAIN_HEAD + made + completed);
  });
  await enterKey(latchkey, { baseUrl: server.baseUrl, key: 'sk-test-0123456789-abcdefghij-4f2a' });
  await send(latchkey.chat, 'Draw a square.');
  await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
  const shown = lastAnswer(latchkey.chat).getByRole('img', { name: 'Picture made by the model' });
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64);

  const target = path.join(profile.folder, 'saved.png');
  await latchkey.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, target);
  await lastAnswer(latchkey.chat).getByRole('button', { name: 'Save picture' }).click();
  await expect.poll(() => existsSync(target)).toBe(true);

  await send(latchkey.chat, 'Rounder.');
  await expect.poll(() => server.requests.filter(({ head }) => head.startsWith('POST')).length).toBe(2);
  // It is kept without what else was in its file, so that these are no longer the model's own bytes.
  const kept = readFileSync(target).toString('base64');
  const { input } = JSON.parse(server.requests.at(-1)?.body ?? '') as { input: { content: unknown }[] };
  expect(input.at(-1)?.content).toEqual([
    { type: 'input_image', image_url: `data:image/png;base64,${kept}`, detail: 'auto' },
    { type: 'input_text', text: 'Rounder.' },
  ]);
  await server.stop();
});

test('closing the window ends the program at once, and keeps a picture that had come', async ({
  profile,
  latchkey,
}) => {
  const item = { type: 'image_generation_call', result: Buffer.from(makePng(64, 48)).toString('base64') };
  const server = await startRawServer(({ head }, socket) => {
    if (head.startsWith('GET')) return sendStatus(socket, 200, '{"data":[{"id":"some-model"}]}');
    socket.write(PLAIN_HEAD + responseEvent({ type: 'response.output_item.done', output_index: 0, item }));
  });
  await enterKey(latchkey, { baseUrl: server.baseUrl, key: 'sk-test-0123456789-abcdefghij-4f2a' });
  await send(latchkey.chat, 'Draw a square.');
  await expect.poll(() => existsSync(path.join(profile.profileFolder, 'attachments'))).toBe(true);
  const parents = await latchkey.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .filter(({ webContents }) => webContents.getURL().startsWith('app://image'))
      .map((window) => window.getParentWindow() === null),
  );
  expect(parents).toEqual([true]);
  const main = latchkey.electron.process();
  await latchkey.closeWindow();
  // The window for pictures would stay for 20 s.
  await expect.poll(() => main.exitCode, { timeout: 15_000 }).toBe(0);

  const again = await profile.launch();
  await again.chat.getByRole('list', { name: 'Conversations' }).getByText('Draw a square.').click();
  await expect(assistantStatus(again.chat)).toHaveText(/Interrupted/);
  await expect(lastAnswer(again.chat).getByRole('img', { name: 'Picture made by the model' })).toBeVisible();
  await server.stop();
});
