import type { Socket } from 'node:net';
import type { TestCore } from '../harness/create-test-core.ts';
import { PLAIN_HEAD, sendStatus } from '../harness/faults/exchange.ts';
import { responseEvent, startRawServer, type RawServer } from '../harness/raw-server.ts';
import { expect, expectAccessible, send, test } from './fixtures.ts';

const thought = (delta: string) => responseEvent({ type: 'response.reasoning_summary_text.delta', delta });
const said = (delta: string) =>
  responseEvent({ type: 'response.output_text.delta', delta, output_index: 1, content_index: 0 });
const cited = (url: string, title: string) =>
  responseEvent({
    type: 'response.output_text.annotation.added',
    output_index: 1,
    content_index: 0,
    annotation: { type: 'url_citation', url, title, start_index: 0, end_index: 3 },
  });
const completed = responseEvent({ type: 'response.completed', response: {} });

/** A server that thinks, and answers when the test says so. */
async function startThinker(): Promise<RawServer & { answer: (text: string) => void }> {
  let asking: Socket | null = null;
  const server = await startRawServer(({ head }, socket) => {
    if (head.startsWith('GET')) return sendStatus(socket, 200, '{"data":[{"id":"some-model"}]}');
    asking = socket;
    socket.write(PLAIN_HEAD + thought('**Looking** at it <img src=x onerror=alert(1)>'));
  });
  return { ...server, answer: (text) => void asking?.end(text) };
}

async function connect(app: TestCore, baseUrl: string): Promise<void> {
  const id = await app.addConnection({ baseUrl, key: 'sk-test-canary-0123456789abcdef', label: 'thinker' });
  await app.get('connections.change', { id, defaultModel: 'some-model' });
}

test('what a model thinks is there when asked for, as it comes and after', async ({ app, chat }) => {
  const server = await startThinker();
  await connect(app, server.baseUrl);
  await send(chat, 'Is it?');
  const message = chat.getByRole('article', { name: 'Assistant' });
  const thinking = message.getByRole('button', { name: 'Thinking' });
  await expect(thinking).toHaveAttribute('aria-expanded', 'false');
  await expect(message.getByText('Looking')).toBeHidden();
  await thinking.press('Enter');
  const thoughts = message.getByRole('group', { name: 'Thoughts' });
  await expect(thoughts).toContainText('Looking at it');
  await expect(thoughts.locator('img')).toHaveCount(0);
  await chat.reload();
  await chat.getByRole('button', { name: /Is it/ }).first().click();
  await expect(thinking).toBeVisible();
  server.answer(thought(' closely.') + said('Yes.') + completed);
  const thoughtButton = message.getByRole('button', { name: 'Thought', exact: true });
  await expect(thoughtButton).toBeVisible();
  await expect(message).toContainText('Yes.');
  await thoughtButton.click();
  await expect(thoughts).toContainText('Looking at it');
  await expect(thoughts).toContainText('closely.');
  await expectAccessible(chat);
  await server.stop();
});

test('the sources of an answer stand below it, each once, and open through the one opener', async ({
  app,
  chat,
}) => {
  const server = await startThinker();
  await connect(app, server.baseUrl);
  await send(chat, 'Where from?');
  const message = chat.getByRole('article', { name: 'Assistant' });
  await expect(message.getByRole('button', { name: 'Thinking' })).toBeVisible();
  const pages = Array.from({ length: 7 }, (_, index) =>
    cited(`https://page${index}.example/a`, `Page ${index}`),
  );
  const untitled = cited('https://www.untitled.example/', '');
  server.answer(
    said('So.') + untitled + cited('javascript:alert(1)', 'Bad') + pages.join('') + untitled + completed,
  );
  const sources = message.getByRole('region', { name: 'Sources' });
  await expect(sources.getByRole('link')).toHaveText([
    'untitled.example',
    'Page 0',
    'Page 1',
    'Page 2',
    'Page 3',
  ]);
  await expectAccessible(chat);
  await sources.getByRole('button', { name: 'Show all 8 sources' }).click();
  await expect(sources.getByRole('link')).toHaveCount(8);
  await sources.getByRole('link', { name: 'Page 6' }).click();
  await expect
    .poll(() => app.desktop.opened)
    .toMatchObject([{ target: 'https://page6.example/a', isMisleading: false }]);
  await server.stop();
});
