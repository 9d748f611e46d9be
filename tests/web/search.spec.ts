import type { Page } from '@playwright/test';
import type { TestCore } from '../harness/create-test-core.ts';
import { expect, expectAccessible, startWithDemo, test } from './fixtures.ts';

const LONG = Array.from({ length: 60 }, (_, index) => `Paragraph ${index} of a long answer.`).join('\n\n');

/** Asks and waits for the saved answer. */
async function ask(app: TestCore, text: string, conversationId: string | null = null) {
  const [connection] = await app.get('connections.list', {});
  const started = await app.get('chat.send', {
    conversationId,
    connectionId: connection?.id ?? '',
    model: 'gpt-4o',
    text,
  });
  await app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
  return started;
}

function hits(chat: Page) {
  return chat.getByRole('list', { name: 'Search results' }).getByRole('button');
}

function isInView(chat: Page, text: string): Promise<boolean> {
  return chat
    .getByRole('log')
    .getByText(text)
    .evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= window.innerHeight;
    });
}

test.describe('search', () => {
  test.beforeEach(async ({ chat, server }) => {
    server.onMessage(/boat/, { content: `${LONG}\n\nCall her **Kittiwake**, a small gull.\n\n${LONG}` });
    server.onMessage(/./, { content: 'A lease ends by itself, so a crash cannot block the queue for ever.' });
    await startWithDemo(chat);
  });

  test('finds titles and messages as one types, with the passage and how many', async ({ chat, app }) => {
    await ask(app, 'When should I use a lease instead of a lock?');
    await ask(app, 'Names for a small boat');
    const box = chat.getByRole('searchbox', { name: 'Search' });
    await box.pressSequentially('leas');
    await expect(chat.getByRole('status').filter({ hasText: '2 messages' })).toBeVisible();
    await expect(hits(chat)).toHaveCount(2);
    await expect(hits(chat).first().locator('mark').first()).toHaveText(/leas/i);
    await expect(
      chat.getByRole('list', { name: 'Conversations' }).getByRole('button', { name: /lease/ }),
    ).toBeVisible();
    await expectAccessible(chat);
    await box.fill('nothing like it');
    await expect(chat.getByText('No message', { exact: true })).toBeVisible();
    await expectAccessible(chat);
    await box.press('Escape');
    await expect(box).toHaveValue('');
    await expect(
      chat.getByRole('list', { name: 'Conversations' }).getByRole('button', { name: /boat/ }),
    ).toBeVisible();
  });

  test('goes to the hit by keyboard, wherever in a long answer it is, and marks it', async ({
    chat,
    app,
  }) => {
    await ask(app, 'When should I use a lease?');
    await ask(app, 'Names for a small boat');
    const box = chat.getByRole('searchbox', { name: 'Search' });
    await box.fill('kittiw');
    await expect(hits(chat)).toHaveCount(1);
    await box.press('ArrowDown');
    await expect(hits(chat).first()).toBeFocused();
    await chat.keyboard.press('ArrowUp');
    await expect(box).toBeFocused();
    await box.press('Enter');
    await expect.poll(() => isInView(chat, 'Kittiwake')).toBe(true);
    const marked = () => chat.evaluate(() => [...(CSS.highlights.get('search-hit') ?? [])].map(String));
    await expect.poll(marked).toEqual(['Kittiw']);
    await expect(chat.getByRole('button', { name: 'Jump to latest' })).toBeVisible();
  });

  test('shows the path of a hit that lies on another variant', async ({ chat, app, server }) => {
    const { conversationId, assistantMessage } = await ask(app, 'When should I use a lease?');
    const [connection] = await app.get('connections.list', {});
    server.onMessage(/./, { content: 'Something else.' });
    await app.get('conversations.open', { id: conversationId });
    const again = await app.get('chat.regenerate', {
      messageId: assistantMessage.id,
      connectionId: connection?.id ?? '',
      model: 'gpt-4o',
    });
    await app.events.next('chat.ended', ({ streamId }) => streamId === again.streamId);
    await chat.getByRole('searchbox', { name: 'Search' }).fill('ends by itself');
    await expect(hits(chat)).not.toHaveCount(0);
    await hits(chat).last().click();
    await expect(chat.getByRole('group', { name: 'Variants' })).toContainText('1/2');
  });

  test('narrows by who, when, model and place', async ({ chat, app }) => {
    await ask(app, 'When should I use a lease?');
    await ask(app, 'Is a lease a lock?');
    await chat.getByRole('searchbox', { name: 'Search' }).fill('lease');
    await expect(hits(chat)).toHaveCount(4);
    await chat.getByRole('button', { name: 'Filters' }).click();
    await chat.getByRole('combobox', { name: 'From' }).selectOption('user');
    await expect(hits(chat)).toHaveCount(2);
    await chat
      .getByRole('list', { name: 'Search results' })
      .getByRole('button', { name: /Is a lease a lock/ })
      .click();
    await chat.getByRole('combobox', { name: 'Where' }).selectOption('here');
    await expect(hits(chat)).toHaveCount(1);
    await chat.getByRole('combobox', { name: 'When' }).selectOption('7');
    await chat.getByRole('combobox', { name: 'Answered by' }).selectOption('gpt-4o');
    await expect(chat.getByText('Nothing matches here. Try it without filters.')).toBeVisible();
    await expectAccessible(chat);
    await chat.getByRole('button', { name: 'Clear search' }).click();
    await expect(chat.getByRole('searchbox', { name: 'Search' })).toHaveValue('');
  });

  test('never takes what it finds for markup', async ({ chat, app }) => {
    await ask(app, '<img src=x onerror=alert(1)> needle <b>bold</b>');
    await chat.getByRole('searchbox', { name: 'Search' }).fill('needle');
    await expect(hits(chat).first()).toContainText('<img src=x onerror=alert(1)> needle <b>bold</b>');
    await expect(hits(chat).locator('img, b')).toHaveCount(0);
  });
});

test('backups are made, restored and deleted in Settings', async ({ chat, app }) => {
  await startWithDemo(chat);
  await ask(app, 'a question to keep');
  await chat.keyboard.press('ControlOrMeta+,');
  await chat.getByRole('tab', { name: 'Privacy' }).click();
  await expect(chat.getByText('No backup yet.')).toBeVisible();
  await chat.getByRole('button', { name: 'Back up now' }).click();
  // The daily one may come in between.
  const backups = chat.getByRole('listitem').filter({ hasText: 'Made by you' });
  await expect(backups).toHaveCount(1);
  await expectAccessible(chat);
  await backups.getByRole('button', { name: /^Restore/ }).click();
  await chat.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  expect(app.desktop.restarts).toBe(0);
  await backups.getByRole('button', { name: /^Restore/ }).click();
  await expectAccessible(chat);
  await chat.getByRole('button', { name: 'Restore and restart' }).click();
  await expect.poll(() => app.desktop.restarts, { timeout: 30_000 }).toBe(1);
  await backups.getByRole('button', { name: /^Delete/ }).click();
  await chat.getByRole('button', { name: 'Delete backup' }).click();
  await expect(backups).toHaveCount(0);
});
