import { assistantStatus, enterKey, expect, send, test } from './fixtures.ts';

const KEY = 'sk-test-0123456789-abcdefghij-4f2a';

// A title is a request, too, and must not be the second one.
test.use({ makesTitles: true });

test('a budget of $0.01 stops the second message: the server sees one request, also when the route is called directly', async ({
  latchkey,
  server,
}) => {
  server.onMessage(/./, { content: 'An answer.', usage: { input_tokens: 600, output_tokens: 400 } });
  await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY });
  const { chat } = latchkey;
  await chat.getByRole('combobox', { name: 'Model' }).fill('priced');
  await chat.keyboard.press('Enter');
  await chat.keyboard.press('Control+,');
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('tab', { name: 'Models' }).click();
  await dialog.getByRole('button', { name: 'Price of another model' }).click();
  await dialog.getByRole('textbox', { name: 'Model' }).fill('priced');
  await dialog.getByRole('textbox', { name: 'Input', exact: true }).fill('10');
  await dialog.getByRole('textbox', { name: 'Output' }).fill('10');
  await dialog.getByRole('button', { name: 'Save price' }).click();
  await expect(dialog.getByRole('row').filter({ hasText: 'priced' })).toContainText('your price');
  await dialog.getByRole('tab', { name: 'Usage' }).click();
  const row = dialog.getByRole('listitem', { name: 'work' });
  await row.getByRole('textbox', { name: 'Budget per month' }).fill('0.01');
  await row.getByRole('button', { name: 'Save budget' }).click();
  await expect(row).toContainText('of $0.01');
  await chat.keyboard.press('Escape');

  await send(chat, 'first');
  await expect(assistantStatus(chat)).toHaveText(/Done/);
  await send(chat, 'second');
  const alert = chat.getByRole('alert').filter({ hasText: 'The budget is used up' });
  await expect(alert.getByRole('button', { name: 'Raise the budget' })).toBeVisible();
  await expect(alert.getByRole('button', { name: 'Send once anyway' })).toBeVisible();

  const direct = await chat.evaluate(async () => {
    const { latchkey: bridge } = window as unknown as {
      latchkey: { request(route: string, input: unknown): Promise<{ value?: { id: string }[] }> };
    };
    const connectionId = (await bridge.request('connections.list', {})).value?.[0]?.id;
    return bridge.request('chat.send', {
      conversationId: null,
      connectionId,
      model: 'priced',
      text: 'third',
    });
  });
  expect(direct).toMatchObject({ ok: false, error: { code: 'budget/exceeded' } });
  expect(server.getRequests().filter(({ method }) => method === 'POST')).toHaveLength(1);
});
