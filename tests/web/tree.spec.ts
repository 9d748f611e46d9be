import type { Page } from '@playwright/test';
import { expect, expectAccessible, send, startWithDemo, test } from './fixtures.ts';

function question(chat: Page, text: string) {
  return chat.getByRole('article', { name: 'You' }).filter({ hasText: text });
}

function answers(chat: Page) {
  return chat.getByRole('article', { name: 'Assistant' });
}

/** Sends and waits until it is answered. */
async function ask(chat: Page, text: string): Promise<void> {
  await send(chat, text);
  await expect(question(chat, text)).toBeVisible();
  await expectDone(chat);
}

async function expectDone(chat: Page): Promise<void> {
  await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
}

async function editTo(chat: Page, from: string, to: string): Promise<void> {
  await question(chat, from).hover();
  await question(chat, from).getByRole('button', { name: 'Edit' }).click();
  const editor = chat.getByRole('textbox', { name: 'Edit message' });
  await expect(editor).toHaveValue(from);
  await editor.fill(to);
  await editor.press('Enter');
  await expect(question(chat, to)).toBeVisible();
  await expectDone(chat);
}

test.beforeEach(({ server }) => {
  server.onMessage(/.*/s, { content: 'An answer.' });
});

test.describe('editing a sent message', () => {
  test('makes another version; both are walked through with everything that followed them', async ({
    chat,
  }) => {
    await startWithDemo(chat);
    await ask(chat, 'Where is Porto');
    await ask(chat, 'And how big');
    await editTo(chat, 'Where is Porto', 'Where is Faro');
    await expect(answers(chat)).toHaveCount(1);
    const variants = question(chat, 'Where is Faro').getByRole('group', { name: 'Variants' });
    await expect(variants).toContainText('2/2');
    await variants.getByRole('button', { name: 'Previous variant' }).click();
    await expect(question(chat, 'And how big')).toBeVisible();
    await expect(answers(chat)).toHaveCount(2);
    // The focus came along, to the only way there is from here.
    await expect(
      question(chat, 'Where is Porto').getByRole('button', { name: 'Next variant' }),
    ).toBeFocused();
    await expectAccessible(chat);
    await chat.keyboard.press('Alt+ArrowRight');
    await expect(question(chat, 'Where is Faro')).toBeVisible();
    await chat.keyboard.press('Alt+ArrowLeft');
    await expect(question(chat, 'And how big')).toBeVisible();
  });

  test('begins with the Up arrow in an empty composer, ends with Escape, and loses nothing', async ({
    chat,
  }) => {
    await startWithDemo(chat);
    await ask(chat, 'first words');
    const composer = chat.getByRole('textbox', { name: 'Message' });
    await composer.fill('a draft');
    await composer.press('ArrowUp');
    await expect(chat.getByRole('textbox', { name: 'Edit message' })).toHaveCount(0);
    await composer.fill('');
    await composer.press('ArrowUp');
    const editor = chat.getByRole('textbox', { name: 'Edit message' });
    await expect(editor).toBeFocused();
    await expectAccessible(chat);
    await editor.fill('better words');
    await editor.press('Escape');
    await expect(editor).toHaveCount(0);
    await expect(question(chat, 'first words')).toBeVisible();
    await expect(composer).toBeFocused();
    await question(chat, 'first words').getByRole('button', { name: 'Edit' }).focus();
    await chat.keyboard.press('Enter');
    await expect(editor).toHaveValue('first words');
    await chat.getByRole('button', { name: 'Bring back my edit' }).click();
    await expect(editor).toHaveValue('better words');
    await chat.getByRole('button', { name: 'Cancel' }).click();
    await expect(question(chat, 'first words').getByRole('button', { name: 'Edit' })).toBeFocused();
    await expect(composer).toHaveValue('');
    await expect(question(chat, 'first words')).toBeVisible();
  });

  test('that cannot be sent says why in place, keeps the text, and goes on from there', async ({ chat }) => {
    await startWithDemo(chat);
    await ask(chat, 'harmless');
    await question(chat, 'harmless').hover();
    await question(chat, 'harmless').getByRole('button', { name: 'Edit' }).click();
    const editor = chat.getByRole('textbox', { name: 'Edit message' });
    const withKey = 'use sk-proj-aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9f-9Q4z please';
    await editor.fill(withKey);
    await editor.press('Enter');
    const alert = chat.getByRole('article', { name: 'You' }).getByRole('alert');
    await expect(alert).toBeVisible();
    await expect(editor).toHaveValue(withKey);
    await expectAccessible(chat);
    await alert.getByRole('button', { name: 'Send anyway' }).click();
    await expect(question(chat, 'please')).toContainText('2/2');
    await expectDone(chat);
  });
});

test('any answer is asked for again, and what followed the former one stays below it', async ({
  chat,
  server,
}) => {
  await startWithDemo(chat);
  await ask(chat, 'one');
  await ask(chat, 'two');
  server.clearFixtures();
  server.onMessage(/.*/s, { content: 'Another answer.' });
  await answers(chat).first().hover();
  await answers(chat).first().getByRole('button', { name: 'Regenerate' }).click();
  await expect(answers(chat)).toHaveCount(1);
  await expect(answers(chat)).toContainText('Another answer.');
  await expectDone(chat);
  await answers(chat).getByRole('button', { name: 'Previous variant' }).click();
  await expect(question(chat, 'two')).toBeVisible();
  await expect(answers(chat)).toHaveCount(2);
});

test('a branch is a conversation of its own, shown at once, with the way back', async ({ chat }) => {
  await startWithDemo(chat);
  await ask(chat, 'one');
  await ask(chat, 'two');
  await answers(chat).first().hover();
  await answers(chat).first().getByRole('button', { name: 'Branch' }).click();
  const title = chat.getByRole('heading', { level: 1 });
  await expect(title).toHaveText('one (branch)');
  await expect(answers(chat)).toHaveCount(1);
  await ask(chat, 'another way');
  await expect(
    chat.getByRole('list', { name: 'Conversations' }).getByRole('button', { name: 'one', exact: true }),
  ).toBeVisible();
  // The mark in front tells them apart, also where the end of a title is cut off.
  const branchRow = chat
    .getByRole('list', { name: 'Conversations' })
    .getByRole('button', { name: 'one (branch)', exact: true });
  await expect(branchRow).toHaveText('one');
  await expect(branchRow.locator('svg')).toBeVisible();
  const notification = chat.getByRole('status', { name: 'Notification' });
  await notification.getByRole('button', { name: 'Go back' }).click();
  await expect(title).toHaveText('one');
  await expect(notification).toBeEmpty();
  await expect(question(chat, 'two')).toBeVisible();
});

test('a message is deleted with what follows it, after saying how much that is, and brought back', async ({
  chat,
}) => {
  await startWithDemo(chat);
  await ask(chat, 'one');
  await ask(chat, 'two');
  const remove = async (text: string): Promise<void> => {
    await question(chat, text).hover();
    await question(chat, text).getByRole('button', { name: 'More' }).click();
    await chat.getByRole('menuitem', { name: 'Delete' }).click();
  };
  await remove('two');
  await expect(question(chat, 'two')).toHaveCount(0);
  await expect(chat.getByRole('textbox', { name: 'Message' })).toBeFocused();
  const notification = chat.getByRole('status', { name: 'Notification' });
  await expect(notification).toContainText('2 messages deleted');
  await notification.getByRole('button', { name: 'Undo' }).click();
  await expect(question(chat, 'two')).toBeVisible();

  await remove('one');
  const dialog = chat.getByRole('alertdialog', { name: 'Delete 4 messages?' });
  await expect(dialog).toContainText('the 3 that follow it');
  await expectAccessible(chat);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(question(chat, 'one')).toBeVisible();
  await remove('one');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(chat.getByRole('article')).toHaveCount(0);
  await ask(chat, 'on from nothing');
  await expect(answers(chat)).toHaveCount(1);
});

test('everything about a message is reached by keyboard', async ({ chat }) => {
  await startWithDemo(chat);
  await ask(chat, 'one');
  await chat.getByRole('log', { name: 'Messages' }).focus();
  const names: string[] = [];
  for (let presses = 0; presses < 9; presses += 1) {
    await chat.keyboard.press('Tab');
    names.push(await chat.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''));
  }
  expect(names.join(' ')).toContain('Copy Edit Branch More Copy Regenerate Branch More');
});
