import type { LLMock } from '@copilotkit/aimock';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, send, startWithDemo, test } from './fixtures.ts';

/** Answers with these counts from now on. */
function count(server: LLMock, input_tokens: number, output_tokens: number): void {
  server.clearFixtures();
  server.onMessage(/./, { content: 'An answer.', usage: { input_tokens, output_tokens } });
}

async function openSettings(chat: Page, tab: string) {
  await chat.keyboard.press('ControlOrMeta+,');
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('tab', { name: tab, exact: true }).click();
  return dialog;
}

/** Sets the price of a model to $10 per million tokens, as a person would. */
async function setPrice(chat: Page, model: string): Promise<void> {
  const dialog = await openSettings(chat, 'Models');
  await dialog.getByRole('button', { name: 'Price of another model' }).click();
  await dialog.getByRole('textbox', { name: 'Model' }).fill(model);
  await dialog.getByRole('textbox', { name: 'Input', exact: true }).fill('10');
  await dialog.getByRole('textbox', { name: 'Output' }).fill('10');
  await expectAccessible(chat);
  await dialog.getByRole('button', { name: 'Save price' }).click();
  await expect(dialog.getByRole('row').filter({ hasText: model })).toContainText('your price');
  await expectAccessible(chat);
  await chat.keyboard.press('Escape');
}

async function setMonthlyBudget(chat: Page, dollars: string): Promise<void> {
  const dialog = await openSettings(chat, 'Usage');
  const row = dialog.getByRole('list', { name: 'Budgets' }).getByRole('listitem', { name: 'Local demo' });
  await row.getByRole('textbox', { name: 'Budget per month' }).fill(dollars);
  await row.getByRole('button', { name: 'Save budget' }).click();
  await expect(row).toContainText(`of $${dollars}`);
  await chat.keyboard.press('Escape');
}

async function chooseModel(chat: Page, model: string): Promise<void> {
  await chat.getByRole('combobox', { name: 'Model' }).fill(model);
  await chat.keyboard.press('Enter');
}

const answers = (server: LLMock): number =>
  server.getRequests().filter(({ method }) => method === 'POST').length;

test('a budget of $0.01 stops the second message, says so, and offers two ways on', async ({
  chat,
  server,
}) => {
  count(server, 600, 400);
  await startWithDemo(chat);
  await chooseModel(chat, 'priced');
  await setPrice(chat, 'priced');
  await setMonthlyBudget(chat, '0.01');
  await send(chat, 'first');
  await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
  await expect(chat.getByText('$0.01 · 1k tok')).toBeVisible();
  await expect(chat.getByRole('article', { name: 'Assistant' })).toContainText('$0.01');
  await expect(chat.getByRole('group', { name: 'Key' })).toContainText('$0.01/$0.01');
  await send(chat, 'second');
  const alert = chat.getByRole('alert').filter({ hasText: 'The budget is used up' });
  await expect(alert).toContainText('of $0.01 this month. Nothing was sent.');
  await expect(chat.getByRole('textbox', { name: 'Message' })).toHaveValue('second');
  expect(answers(server)).toBe(1);
  await expectAccessible(chat);

  await alert.getByRole('button', { name: 'Send once anyway' }).click();
  await expect(chat.getByRole('article', { name: 'Assistant' })).toHaveCount(2);
  await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
  expect(answers(server)).toBe(2);

  await chat.getByRole('button', { name: 'Regenerate' }).last().click();
  await alert.getByRole('button', { name: 'Raise the budget' }).click();
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  const row = dialog.getByRole('listitem', { name: 'Local demo' });
  await row.getByRole('textbox', { name: 'Budget per month' }).fill('20');
  await row.getByRole('button', { name: 'Save budget' }).click();
  await expect(row).toContainText('of $20');
  await chat.keyboard.press('Escape');
  await chat.getByRole('button', { name: 'Regenerate' }).last().click();
  await expect(chat.getByText('2/2')).toBeVisible();
  await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
  expect(answers(server)).toBe(3);
});

test('a request that is dear is asked about, and goes with a yes', async ({ app, chat, server }) => {
  app.core.settings.change({ confirmCostAboveMicroUsd: 100_000 });
  count(server, 10_000, 10);
  await startWithDemo(chat);
  await chooseModel(chat, 'priced');
  await send(chat, 'hi');
  await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
  await setPrice(chat, 'priced');
  await chat.getByRole('textbox', { name: 'Message' }).fill('word '.repeat(8_000));
  await expect(chat.getByText('10k tok, about $0.12')).toBeVisible();
  await chat.getByRole('button', { name: 'Send', exact: true }).click();
  const alert = chat.getByRole('alert').filter({ hasText: 'This may cost about $0.12' });
  await expect(alert).toContainText(/10,0\d\d tokens/);
  await expectAccessible(chat);
  expect(answers(server)).toBe(1);
  await alert.getByRole('button', { name: 'Send it' }).click();
  await expect(chat.getByRole('article', { name: 'Assistant' })).toHaveCount(2);
  await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
  expect(answers(server)).toBe(2);
});

test('the Usage tab says what will stand there', async ({ chat }) => {
  await startWithDemo(chat);
  const dialog = await openSettings(chat, 'Usage');
  await expect(dialog.getByText('Nothing was asked yet.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Export CSV' })).toBeDisabled();
  await expectAccessible(chat);
});

test('the Usage tab shows the month every way it divides, and exports it', async ({ app, chat, server }) => {
  count(server, 12_345, 678);
  await startWithDemo(chat);
  await chooseModel(chat, 'priced');
  await setPrice(chat, 'priced');
  await send(chat, 'hi');
  await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
  const dialog = await openSettings(chat, 'Usage');
  const spending = dialog.getByRole('region', { name: 'Spending' });
  await expect(spending.getByRole('img', { name: /Cost by day/ })).toBeVisible();
  await expect(spending.getByRole('row').filter({ hasText: 'priced' })).toContainText('$0.13');
  await spending.getByRole('button', { name: 'Export CSV' }).click();
  await expect(spending.getByRole('status', { name: 'Export' })).toHaveText('Saved');
  expect(app.desktop.savedTexts.at(-1)).toContain(',priced,12345,0,0,678,0,0.130230,no,own,');
  await spending.getByRole('tab', { name: 'Connection' }).click();
  await expect(spending.getByRole('row').filter({ hasText: 'Local demo' })).toContainText('13k tok');
  await spending.getByRole('tab', { name: 'Key' }).click();
  await expect(spending.getByRole('row').filter({ hasText: 'No key' })).toBeVisible();
  await spending.getByText('Days as a table').click();
  await expectAccessible(chat);
});

test('a sum that is none is not saved, and is said', async ({ chat }) => {
  await startWithDemo(chat);
  const dialog = await openSettings(chat, 'Usage');
  const row = dialog.getByRole('listitem', { name: 'Local demo' });
  await row.getByRole('textbox', { name: 'Budget per day' }).fill('ten');
  await expect(row.getByRole('alert')).toContainText('Write a sum in dollars');
  await expect(row.getByRole('button', { name: 'Save budget' })).toBeDisabled();
  await expectAccessible(chat);
});

test('settings of costs are remembered', async ({ app, chat }) => {
  await startWithDemo(chat);
  const dialog = await openSettings(chat, 'Usage');
  await dialog.getByRole('combobox', { name: 'Ask above' }).selectOption('never');
  await expect.poll(() => app.core.settings.get().confirmCostAboveMicroUsd).toBeNull();
  await dialog.getByRole('checkbox', { name: /unknown price/ }).click();
  await expect.poll(() => app.core.settings.get().allowsUnknownPrices).toBe(false);
});
