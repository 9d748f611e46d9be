import { assistantStatus, expect, send, test } from './fixtures.ts';

test('a message is edited, its versions are walked through, branched, deleted and brought back, over a restart', async ({
  profile,
  server,
}) => {
  server.onMessage(/.*/s, { content: 'An answer.' });
  const args = [`--demo-server=${server.url}/v1`];
  const { chat, quit } = await profile.launch({ args });
  await chat.getByRole('button', { name: 'Use local demo' }).click();
  const questions = chat.getByRole('article', { name: 'You' });
  await send(chat, 'Where is Porto?');
  await expect(assistantStatus(chat)).toHaveText(/Done/);
  await send(chat, 'And how big is it?');
  await expect(questions).toHaveCount(2);
  await expect(assistantStatus(chat)).toHaveText(/Done/);

  await questions.first().hover();
  await questions.first().getByRole('button', { name: 'Edit' }).click();
  const editor = chat.getByRole('textbox', { name: 'Edit message' });
  await editor.fill('Where is Faro?');
  await editor.press('Enter');
  await expect(questions).toHaveText([/Where is Faro\?/]);
  await expect(assistantStatus(chat)).toHaveText(/Done/);
  await questions.getByRole('button', { name: 'Previous variant' }).click();
  await expect(questions).toHaveCount(2);

  await questions.last().hover();
  await questions.last().getByRole('button', { name: 'More' }).click();
  await chat.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(questions).toHaveCount(1);
  await chat.getByRole('button', { name: 'Undo' }).click();
  await expect(questions).toHaveCount(2);

  await questions.first().hover();
  await questions.first().getByRole('button', { name: 'Branch' }).click();
  await expect(chat.getByRole('heading', { level: 1 })).toHaveText('Where is Porto? (branch)');
  await expect(questions).toHaveCount(1);
  await questions.hover();
  await questions.getByRole('button', { name: 'More' }).click();
  await chat.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(questions).toHaveCount(0);
  await quit();

  const again = await profile.launch({ args });
  const list = again.chat.getByRole('list', { name: 'Conversations' });
  const shown = again.chat.getByRole('article', { name: 'You' });
  await list.getByRole('button', { name: 'Where is Porto?', exact: true }).click();
  await expect(shown).toHaveText([/Where is Porto\?/, /And how big is it\?/]);
  await expect(shown.first()).toContainText('1/2');
  await list.getByRole('button', { name: 'Where is Porto? (branch)' }).click();
  await expect(again.chat.getByRole('log', { name: 'Messages' })).toBeVisible();
  await expect(shown).toHaveCount(0);
});
