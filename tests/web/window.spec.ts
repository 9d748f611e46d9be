import type { Page } from '@playwright/test';
import { PLAIN_HEAD, sendStatus } from '../harness/faults/exchange.ts';
import { responseEvent, startRawServer } from '../harness/raw-server.ts';
import { expect, expectAccessible, send, startWithDemo, test } from './fixtures.ts';

const LONG_MODEL = 'house-model-with-a-long-name-2026-11-01-preview';
const LONG_LABEL = 'My company gateway (Frankfurt am Main)';

function composer(chat: Page) {
  return chat.getByRole('textbox', { name: 'Message' });
}

function answers(chat: Page) {
  return chat.getByRole('article', { name: 'Assistant' });
}

async function ask(chat: Page, text: string): Promise<void> {
  await send(chat, text);
  await expect(chat.getByRole('article', { name: 'You' }).last()).toContainText(text);
  await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
}

async function attach(chat: Page, name: string): Promise<void> {
  await composer(chat).evaluate((field, fileName) => {
    const data = new DataTransfer();
    data.items.add(new File(['some text'], fileName, { type: 'text/plain' }));
    field.dispatchEvent(
      new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }),
    );
  }, name);
  await expect(chat.getByRole('button', { name: `Remove ${name}` })).toBeVisible();
}

/** Nothing may be beside the window, or reachable only by scrolling it sideways. */
async function expectInside(chat: Page, name: string): Promise<void> {
  await expect(chat.getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 });
  expect(await chat.evaluate(() => document.querySelector('main')?.scrollWidth)).toBe(
    await chat.evaluate(() => document.querySelector('main')?.clientWidth),
  );
}

test.describe('a narrow window', () => {
  for (const width of [720, 480]) {
    test(`of ${width} px keeps the title and every control inside`, async ({ app, chat, server }) => {
      await chat.setViewportSize({ width, height: 760 });
      server.onMessage(/.*/s, { content: 'An answer.' });
      const id = await app.addConnection({
        baseUrl: `${server.url}/v1`,
        key: 'sk-test-canary-0123456789abcdef',
        label: LONG_LABEL,
      });
      await app.get('connections.change', { id, defaultModel: LONG_MODEL });
      await chat.reload();
      await ask(chat, 'Compare leases with locks for a queue of jobs');
      await expectInside(chat, 'Conversation settings');
      await expectInside(chat, 'Send');
      const title = await chat.getByRole('heading', { level: 1 }).boundingBox();
      expect(title?.width).toBeGreaterThanOrEqual(60);
      await composer(chat).fill('word '.repeat(2_000));
      await expect(chat.getByTitle(/^Estimated/)).toBeAttached();
      await expectInside(chat, 'Send');
    });
  }
});

test('a sent message is shown with its answer, wherever the reader was', async ({ chat, server }) => {
  server.onMessage(/.*/s, { content: 'line\n\n'.repeat(60) });
  await startWithDemo(chat);
  await ask(chat, 'one');
  const log = chat.getByRole('log', { name: 'Messages' });
  const scrollUp = async (): Promise<void> => {
    await log.evaluate((element) => element.scrollTo(0, 0));
    await expect(chat.getByRole('button', { name: 'Jump to latest' })).toBeVisible();
  };
  await scrollUp();
  server.clearFixtures();
  server.onMessage(/.*/s, { content: 'Short.' });
  await ask(chat, 'two');
  await expect(chat.getByRole('article', { name: 'You' }).last()).toBeInViewport({ ratio: 1 });
  await expect(answers(chat).last()).toBeInViewport();
  await scrollUp();
  await answers(chat).last().getByRole('button', { name: 'Regenerate' }).press('Enter');
  await expect(answers(chat).last()).toContainText('2/2');
  await expect(answers(chat).last()).toBeInViewport();
});

test('asking again passes the focus to the answer and back to the button', async ({ chat, server }) => {
  server.onMessage(/.*/s, { content: 'An answer.' });
  await startWithDemo(chat);
  await ask(chat, 'one');
  const regenerate = answers(chat).getByRole('button', { name: 'Regenerate' });
  for (const variants of ['2/2', '3/3']) {
    await (variants === '2/2' ? regenerate.click() : regenerate.press('Enter'));
    await expect(answers(chat)).toContainText(variants);
    await expect(regenerate).toBeFocused();
  }
  await expectAccessible(chat);
});

test('nothing moves when an answer ends, and switching variants moves no button', async ({
  chat,
  server,
}) => {
  server.onMessage(
    /.*/s,
    { content: 'word '.repeat(40) },
    { chunkSize: 5, streamingProfile: { ttft: 5, tps: 60 } },
  );
  await startWithDemo(chat);
  await send(chat, 'one');
  const status = chat.getByRole('status', { name: 'Assistant status' });
  const log = chat.getByRole('log', { name: 'Messages' });
  await expect(answers(chat)).toContainText('word word');
  await expect(status).toHaveText(/Streaming/);
  await expect(answers(chat)).toContainText(/(word ){39}word/);
  const heightOf = () => answers(chat).evaluate((element) => element.getBoundingClientRect().height);
  const before = await heightOf();
  await expect(status).toHaveText(/Done/);
  expect(await heightOf()).toBe(before);
  await expect(log).toBeVisible();
  server.clearFixtures();
  server.onMessage(/.*/s, { content: 'Short.' });
  const branch = answers(chat).getByRole('button', { name: 'Branch' });
  const left = (await branch.boundingBox())?.x;
  await answers(chat).getByRole('button', { name: 'Regenerate' }).click();
  await expect(answers(chat)).toContainText('2/2');
  expect((await branch.boundingBox())?.x).toBe(left);
});

test('a toast covers neither the composer nor the sidebar, and goes when its way back does', async ({
  chat,
  server,
}) => {
  server.onMessage(/.*/s, { content: 'An answer.' });
  await startWithDemo(chat);
  await attach(chat, 'notes.txt');
  await chat.getByRole('button', { name: 'Remove notes.txt' }).click();
  const notification = chat.getByRole('status', { name: 'Notification' });
  await expect(notification).toContainText('notes.txt removed');
  const undo = await notification.getByRole('button', { name: 'Undo' }).boundingBox();
  const field = await composer(chat).boundingBox();
  expect((undo?.y ?? 0) + (undo?.height ?? 0)).toBeLessThanOrEqual(field?.y ?? 0);
  await ask(chat, 'without the file');
  await expect(notification).toBeEmpty();
});

test('the end of a long file name, which tells files apart, is always shown', async ({ chat }) => {
  await startWithDemo(chat);
  const names = [1, 2].map(
    (version) => `quarterly-report-of-the-whole-company-with-appendices-v${version}.txt`,
  );
  for (const name of names) await attach(chat, name);
  const items = chat.getByRole('list', { name: 'Attachments' }).getByRole('listitem');
  await expect(items).toHaveCount(2);
  await expect(items.nth(1)).toContainText(names[1] ?? '');
  await expect(items.nth(1).getByText('ces-v2.txt', { exact: true })).toBeInViewport({ ratio: 1 });
  const end = await items.nth(1).getByText('ces-v2.txt', { exact: true }).boundingBox();
  const chip = await items.nth(1).boundingBox();
  expect((end?.x ?? 0) + (end?.width ?? 0)).toBeLessThan((chip?.x ?? 0) + (chip?.width ?? 0));
});

test('an answer that was cut off says so once, and quietly when the conversation has gone on', async ({
  app,
  chat,
}) => {
  let count = 0;
  const server = await startRawServer(({ head }, socket) => {
    const delta = {
      type: 'response.output_text.delta',
      delta: 'It begins',
      output_index: 0,
      content_index: 0,
    };
    const completed = { type: 'response.completed', response: { usage: null } };
    if (head.startsWith('GET')) return sendStatus(socket, 200, '{"data":[]}');
    count += 1;
    socket.write(PLAIN_HEAD + responseEvent(delta));
    if (count > 1) socket.end(responseEvent(completed));
    // What was written must have left before the connection breaks.
    else setTimeout(() => socket.destroy(), 50);
  });
  const id = await app.addConnection({ baseUrl: server.baseUrl, key: 'sk-test-canary-0123456789abcdef' });
  await app.get('connections.change', { id, defaultModel: 'm' });
  await chat.reload();
  await send(chat, 'one');
  await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Interrupted/);
  await expect(answers(chat).getByText('cut off')).toHaveCount(1);
  await expect(answers(chat).getByRole('alert')).toHaveCount(0);
  await expect(answers(chat).getByRole('button', { name: 'Continue' })).toBeVisible();
  await expectAccessible(chat);
  await ask(chat, 'two');
  await expect(answers(chat).first().getByText('cut off')).toHaveCount(1);
  await expect(answers(chat).first().getByRole('button', { name: 'Continue' })).toHaveCount(0);
  await server.stop();
});
