import type { Page } from '@playwright/test';
import type { LLMock } from '@copilotkit/aimock';
import { expect, expectAccessible, send, startWithDemo, test } from './fixtures.ts';

const SUMMING_UP = /^Summarise the conversation below/;
/** About 150 tokens. */
const LONG = 'word '.repeat(120);

function answerWith(server: LLMock, summary = 'They spoke of leases.', options: object = {}): void {
  server.clearFixtures();
  server.onMessage(SUMMING_UP, { content: summary }, options);
  server.onMessage(/./, { content: LONG });
}

/** As a server does whose model holds 1,000 tokens. */
function refuseAsTooLong(server: LLMock): void {
  const message = "This model's maximum context length is 1000 tokens.";
  server.clearFixtures();
  server.onMessage(/./, { error: { message, code: 'context_length_exceeded' }, status: 400 });
}

const status = (chat: Page) => chat.getByRole('status', { name: 'Assistant status' });
const log = (chat: Page) => chat.getByRole('log', { name: 'Messages' });

/** Three exchanges of about 320 tokens each, with a model of which nothing is known. */
async function converse(chat: Page, server: LLMock): Promise<void> {
  answerWith(server);
  await startWithDemo(chat);
  await chat.getByRole('combobox', { name: 'Model' }).fill('house-model');
  await chat.keyboard.press('Enter');
  for (const name of ['first', 'second', 'third']) {
    await send(chat, `${name} ${LONG}`);
    await expect(log(chat).getByRole('article', { name: 'You' }).last()).toContainText(name);
    await expect(status(chat)).toHaveText(/Done/);
  }
}

async function summarise(chat: Page): Promise<void> {
  const row = chat.getByRole('list', { name: 'Conversations' }).getByRole('button', { name: /^first/ });
  await row.click({ button: 'right' });
  await chat.getByRole('menuitem', { name: 'Summarise earlier messages' }).click();
}

test('a conversation that no longer fits: the card leaves out the oldest, a line says how many, and the draft too', async ({
  chat,
  server,
}) => {
  await converse(chat, server);
  refuseAsTooLong(server);
  await send(chat, 'fourth');
  const alert = chat.getByRole('alert').filter({ hasText: 'The conversation no longer fits the model' });
  await expect(alert).toContainText('This model reads about 1,000 tokens, answer included.');
  await expect(alert.getByRole('button')).toHaveText([
    'Leave out the oldest messages',
    'Summarise earlier messages',
    'Choose a model',
  ]);
  answerWith(server);
  await alert.getByRole('button', { name: 'Leave out the oldest messages' }).click();
  await expect(status(chat)).toHaveText(/Done/);
  const note = log(chat).getByRole('note', { name: 'Not sent' });
  await expect(note).toContainText('4 earlier messages were not sent to the model');
  await chat.getByRole('textbox', { name: 'Message' }).fill('fifth');
  const left = chat.getByText('earlier messages will not be sent');
  await expect(left).toBeVisible();
  await expectAccessible(chat);
  await chat.getByRole('button', { name: 'Summarise', exact: true }).click();
  await expect(log(chat).getByRole('region', { name: 'Summary' }).getByRole('button').first()).toContainText(
    'messages above',
  );
  await expect(left).toHaveCount(0);
});

test('a person who wants to be asked is: nothing is sent until they say how', async ({
  app,
  chat,
  server,
}) => {
  await app.get('settings.change', { contextPolicy: 'ask' });
  await converse(chat, server);
  refuseAsTooLong(server);
  await send(chat, 'fourth');
  await expect(status(chat)).toHaveText(/Failed/);
  answerWith(server);
  const sent = server.getRequests().length;
  await send(chat, 'fifth');
  const alert = chat.getByRole('alert').filter({ hasText: 'Nothing was sent.' });
  await expect(alert).toContainText('about 600 tok fit');
  await expect(alert.getByRole('button', { name: 'Summarise earlier messages' })).toBeVisible();
  await expect(chat.getByRole('textbox', { name: 'Message' })).toHaveValue('fifth');
  expect(server.getRequests()).toHaveLength(sent);
  await alert.getByRole('button', { name: 'Leave out the oldest messages' }).click();
  await expect(status(chat)).toHaveText(/Done/);
  await expect(log(chat).getByRole('note', { name: 'Not sent' })).toBeVisible();
});

test('a summary grows where it will stand, opens, is edited, removed and brought back', async ({
  chat,
  server,
}) => {
  await converse(chat, server);
  answerWith(server, 'They spoke of **leases**.', { streamingProfile: { ttft: 500 } });
  await summarise(chat);
  const summary = log(chat).getByRole('region', { name: 'Summary' });
  await expect(summary.getByRole('status', { name: 'Summary status' })).toHaveText(
    'Summarising the 4 messages above',
  );
  const card = summary.getByRole('button', { name: /of the 4 messages above/ });
  await card.click();
  await expect(summary).toContainText('They spoke of leases.');
  await expectAccessible(chat);

  await summary.getByRole('button', { name: 'Edit summary' }).click();
  await summary.getByRole('textbox', { name: 'Summary text' }).fill('What I make of it.');
  await summary.getByRole('button', { name: 'Save summary' }).click();
  await expect(summary).toContainText('What I make of it.');
  await send(chat, 'fourth');
  // The former answer was done, too: this one must be on the screen first.
  await expect(chat.getByRole('article', { name: 'You' }).last()).toContainText('fourth');
  await expect.poll(() => JSON.stringify(server.getRequests().at(-1)?.body)).toContain('What I make of it.');
  await expect(status(chat)).toHaveText(/Done/);

  await summary.getByRole('button', { name: 'Remove summary' }).click();
  await expect(summary).toHaveCount(0);
  await chat.getByRole('button', { name: 'Undo' }).click();
  await expect(card).toBeVisible();
});

test('a summary can be cancelled, and survives a reload while it is made', async ({ chat, server }) => {
  await converse(chat, server);
  answerWith(server, 'word '.repeat(400), { chunkSize: 5, streamingProfile: { ttft: 5, tps: 30 } });
  await summarise(chat);
  const summary = log(chat).getByRole('region', { name: 'Summary' });
  await expect(summary).toContainText('word word');
  await expect(summary).toBeInViewport();
  await chat.reload();
  await chat.getByRole('list', { name: 'Conversations' }).getByText('first').click();
  await expect(summary).toContainText('word word word');
  await summary.getByRole('button', { name: 'Cancel' }).click();
  await expect(summary).toHaveCount(0);
});

test('what a summary would cost beyond a budget is asked about', async ({ app, chat, server }) => {
  await converse(chat, server);
  const [connection] = await app.get('connections.list', {});
  const connectionId = connection?.id ?? '';
  const rate = {
    cachedInputMicroUsd: null,
    cacheWriteMicroUsd: null,
    inputMicroUsd: 1_000_000,
    outputMicroUsd: 0,
  };
  await app.get('ledger.setPrice', { connectionId, model: 'house-model', rates: rate });
  await app.get('ledger.setBudget', { connectionId, budget: { dayMicroUsd: null, monthMicroUsd: 1 } });
  await summarise(chat);
  const alert = chat.getByRole('alert').filter({ hasText: 'The budget is used up' });
  await alert.getByRole('button', { name: 'Send once anyway' }).click();
  await expect(log(chat).getByRole('region', { name: 'Summary' }).getByRole('button').first()).toContainText(
    'of the 4 messages above',
  );
});

test('a new conversation is titled by the model, unless that is turned off', async ({
  app,
  chat,
  server,
}) => {
  server.onMessage(/^Name the conversation/, { content: '"Leases and locks"' });
  server.onMessage(/./, { content: 'By time.' });
  await startWithDemo(chat);
  await chat.keyboard.press('Control+,');
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('tab', { name: 'Prompts' }).click();
  const titles = dialog.getByRole('checkbox', { name: 'Let the model title new conversations' });
  await titles.click();
  await expect(titles).toBeChecked();
  await dialog.getByRole('combobox', { name: 'When it no longer fits' }).selectOption('Ask first');
  expect(await app.get('settings.get', {})).toMatchObject({ makesTitles: true, contextPolicy: 'ask' });
  await expectAccessible(chat);
  await chat.keyboard.press('Escape');
  await send(chat, 'When should I use a lease?');
  await expect(chat.getByRole('heading', { name: 'Leases and locks' })).toBeVisible();
  await expect(chat.getByRole('list', { name: 'Conversations' })).toContainText('Leases and locks');
});
