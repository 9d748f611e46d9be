import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assistantStatus, expect, send, test } from './fixtures.ts';

test('a preset that is the default holds for a new chat, through a restart', async ({ profile, server }) => {
  server.onMessage(/./, { content: 'Yes.' });
  const args = [`--demo-server=${server.url}/v1`];
  const first = await profile.launch({ args });
  await first.chat.getByRole('button', { name: 'Use local demo' }).click();
  await first.chat.keyboard.press('Control+,');
  await first.chat.getByRole('tab', { name: 'Prompts' }).click();
  await first.chat.getByRole('button', { name: 'New preset' }).click();
  const form = first.chat.getByRole('form', { name: 'New preset' });
  await form.getByRole('textbox', { name: 'Name' }).fill('Poet');
  await form.getByRole('textbox', { name: 'System prompt' }).fill('You answer in verse.');
  await form.getByRole('button', { name: 'Save preset' }).click();
  await first.chat.getByRole('combobox', { name: 'New chats begin with' }).selectOption('Poet');
  await first.chat.keyboard.press('Escape');
  const row = { name: 'System prompt: You answer in verse.' };
  await expect(first.chat.getByRole('button', row)).toBeVisible();
  await send(first.chat, 'First question');
  await expect(assistantStatus(first.chat)).toHaveText(/Done/);
  await first.quit();

  const { chat } = await profile.launch({ args });
  await expect(chat.getByRole('button', row)).toBeVisible();
  await chat.getByRole('list', { name: 'Conversations' }).getByText('First question').click();
  await expect(chat.getByRole('log', { name: 'Messages' }).getByRole('button', row)).toBeVisible();
  await chat.keyboard.press('Control+i');
  await expect(chat.getByRole('combobox', { name: 'Preset' })).toHaveText(/Poet/);
  await expect(chat.getByRole('textbox', { name: 'System prompt' })).toHaveValue('You answer in verse.');
  const { presets } = JSON.parse(readFileSync(path.join(profile.profileFolder, 'presets.json'), 'utf8')) as {
    presets: unknown;
  };
  expect(presets).toMatchObject([{ name: 'Poet', model: null }]);
});

test('what was typed into the settings of a conversation is kept when the window goes at once', async ({
  profile,
  server,
}) => {
  server.onMessage(/./, { content: 'Yes.' });
  const { chat } = await profile.launch({ args: [`--demo-server=${server.url}/v1`] });
  await chat.getByRole('button', { name: 'Use local demo' }).click();
  await send(chat, 'Hi');
  await expect(assistantStatus(chat)).toHaveText(/Done/);
  await chat.keyboard.press('Control+i');
  await chat.getByRole('textbox', { name: 'System prompt' }).pressSequentially('Last words');
  await chat.evaluate(() => location.reload());
  await chat.getByRole('list', { name: 'Conversations' }).getByText('Hi').click();
  await expect(chat.getByRole('button', { name: 'System prompt: Last words' })).toBeVisible();
});
