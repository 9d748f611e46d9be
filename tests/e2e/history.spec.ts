import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { assistantStatus, expect, send, test } from './fixtures.ts';

test('a damaged history: the app starts, says what it saved, keeps the file, and finds what is asked next', async ({
  profile,
  server,
}) => {
  server.onMessage(/./, { content: 'A lease ends by itself. 東京都に住む' });
  const file = path.join(profile.profileFolder, 'history.sqlite');
  mkdirSync(profile.profileFolder, { recursive: true });
  writeFileSync(file, 'not a database at all, '.repeat(500));
  const { chat } = await profile.launch({ args: [`--demo-server=${server.url}/v1`] });
  await expect(chat.getByRole('alert')).toContainText(
    /The history was damaged.*0 messages.*\.damaged\.sqlite/,
  );
  const [kept = ''] = readdirSync(path.join(profile.profileFolder, 'backups'));
  expect(readFileSync(path.join(profile.profileFolder, 'backups', kept), 'utf8')).toMatch(/^not a database/);

  await chat.getByRole('button', { name: 'Use local demo' }).click();
  await send(chat, 'When should I use a lease?');
  await expect(assistantStatus(chat)).toHaveText(/Done/);
  const results = chat.getByRole('list', { name: 'Search results' }).getByRole('button');
  await chat.getByRole('searchbox', { name: 'Search' }).fill('京都');
  await expect(results).toHaveCount(1);
  await results.click();
  await expect(chat.getByRole('log', { name: 'Messages' })).toContainText('東京都に住む');
});

test('a history that another program holds: the app says so, and opens it without a restart once it is free', async ({
  profile,
  server,
}) => {
  const first = await profile.launch({ args: [`--demo-server=${server.url}/v1`] });
  await expect(first.chat.getByRole('button', { name: 'Use local demo' })).toBeVisible();
  await first.quit();
  const other = new DatabaseSync(path.join(profile.profileFolder, 'history.sqlite'));
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  const { chat } = await profile.launch({ args: [`--demo-server=${server.url}/v1`] });
  await expect(chat.getByRole('alert')).toContainText(/in use/i);
  await chat.getByRole('button', { name: 'Try again' }).click();
  await expect(chat.getByRole('button', { name: 'Trying' })).toBeVisible();
  await expect(chat.getByRole('button', { name: 'Try again' })).toBeEnabled();
  await expect(chat.getByRole('alert')).toContainText(/in use/i);
  other.exec('ROLLBACK');
  other.close();
  await chat.getByRole('button', { name: 'Try again' }).click();
  await expect(chat.getByRole('button', { name: 'Use local demo' })).toBeVisible();
});
