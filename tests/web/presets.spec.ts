import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { Page } from '@playwright/test';
import type { Generation } from '../../electron/contract/model/generation.ts';
import { PLAIN_GENERATION } from '../../electron/contract/model/plain.ts';
import type { TestCore } from '../harness/create-test-core.ts';
import { managedConnection, testPolicy } from '../harness/test-policy.ts';
import { expect, expectAccessible, send, startWithDemo, test } from './fixtures.ts';

const KEY = 'sk-test-0123456789abcdef-4f2a';
const TERSE = { ...PLAIN_GENERATION, systemPrompt: 'Answer in one line.', verbosity: 'low' } as const;

const message = (chat: Page) => chat.getByRole('textbox', { name: 'Message' });
const settingsButton = (chat: Page) => chat.getByRole('button', { name: 'Conversation settings' });
const systemPrompt = (chat: Page) => chat.getByRole('textbox', { name: 'System prompt' });
const promptRow = (chat: Page) => chat.getByRole('button', { name: /^System prompt: / });

async function savePreset(app: TestCore, name: string, generation: Generation = TERSE): Promise<string> {
  const preset = { id: null, name, connectionId: null, model: null, generation };
  return (await app.get('presets.save', preset)).id;
}

/** How the one conversation there is answers, as main keeps it. */
async function keptGeneration(app: TestCore): Promise<Generation | undefined> {
  const [row] = await app.get('conversations.list', {});
  return row && (await app.get('conversations.open', { id: row.id })).generation;
}

async function chooseModel(chat: Page, model: string): Promise<void> {
  await chat.getByRole('combobox', { name: 'Model' }).fill(model);
  await chat.getByRole('combobox', { name: 'Model' }).press('Enter');
}

async function openPromptsTab(chat: Page): Promise<void> {
  await chat.keyboard.press('Control+,');
  await chat.getByRole('tab', { name: 'Prompts' }).click();
}

test.describe('conversation settings', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`in ${colorScheme}`, () => {
      test.use({ colorScheme });

      test('are opened by a key, saved as one types, and shown in the transcript', async ({
        app,
        chat,
        server,
      }) => {
        server.onMessage(/./, { content: 'Yes.' });
        await startWithDemo(chat);
        await chooseModel(chat, 'gpt-5');
        await send(chat, 'Hi');
        await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
        await chat.keyboard.press('Control+i');
        await systemPrompt(chat).fill('You answer in verse.');
        await chat.getByRole('combobox', { name: 'Effort' }).selectOption('High');
        await chat.getByRole('checkbox', { name: 'Web search' }).check();
        await expectAccessible(chat);
        const expected = { systemPrompt: 'You answer in verse.', effort: 'high', usesWebSearch: true };
        await expect.poll(() => keptGeneration(app)).toMatchObject(expected);
        await chat.keyboard.press('Escape');
        await expect(systemPrompt(chat)).toHaveCount(0);
        await expect(promptRow(chat)).toHaveText('System prompt: You answer in verse.');
        await expectAccessible(chat);
        await promptRow(chat).click();
        await expect(systemPrompt(chat)).toHaveValue('You answer in verse.');
      });
    });
  }

  test('offer the way back when a system prompt was changed', async ({ app, chat, server }) => {
    server.onMessage(/./, { content: 'Yes.' });
    await savePreset(app, 'Terse');
    await startWithDemo(chat);
    await settingsButton(chat).click();
    await chat.getByRole('combobox', { name: 'Preset' }).selectOption('Terse');
    await systemPrompt(chat).fill('');
    await chat.keyboard.press('Escape');
    await expect(promptRow(chat)).toHaveCount(0);
    await chat.getByRole('button', { name: 'Undo' }).click();
    await expect(promptRow(chat)).toHaveText('System prompt: Answer in one line.');
    await settingsButton(chat).click();
    await systemPrompt(chat).fill('Mine.');
    await chat.keyboard.press('Escape');
    await settingsButton(chat).click();
    await systemPrompt(chat).fill('');
    await chat.keyboard.press('Escape');
    await expect(chat.getByText('System prompt removed')).toBeVisible();
    await chat.getByRole('button', { name: 'Undo' }).click();
    await expect(promptRow(chat)).toHaveText('System prompt: Mine.');
    await settingsButton(chat).click();
    await chat.getByRole('combobox', { name: 'Preset' }).selectOption('Terse');
    await expect(systemPrompt(chat)).toHaveValue('Answer in one line.');
    await chat.getByRole('button', { name: 'Undo' }).click();
    await expect(promptRow(chat)).toHaveText('System prompt: Mine.');
  });

  test('take no key, keep what was typed all the same, and nothing is asked with it', async ({
    app,
    chat,
    server,
  }) => {
    server.onMessage(/./, { content: 'Yes.' });
    await startWithDemo(chat);
    await send(chat, 'Hi');
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    server.clearRequests();
    await settingsButton(chat).click();
    await systemPrompt(chat).fill(`Use ${KEY}`);
    await expect(chat.getByRole('alert')).toContainText('There seems to be an API key in the system prompt');
    await expect(chat.getByRole('alert')).toContainText('Take it out: until then it is not saved');
    await chat.keyboard.press('Escape');
    // A row in the transcript would show what is not saved, and in clear.
    await expect(promptRow(chat)).toHaveCount(0);
    await send(chat, 'Again');
    await expect(chat.getByRole('alert')).toContainText('There seems to be an API key in the system prompt');
    await expect(message(chat)).toHaveValue('Again');
    await expectAccessible(chat);
    expect(server.getRequests().filter(({ method }) => method === 'POST')).toHaveLength(0);
    expect(await keptGeneration(app)).toEqual(PLAIN_GENERATION);
    await chat.getByRole('alert').getByRole('button', { name: 'Open settings' }).click();
    await expect(systemPrompt(chat)).toHaveValue(`Use ${KEY}`);
    await systemPrompt(chat).fill('Use words.');
    await expect(chat.getByRole('dialog').getByRole('alert')).toHaveCount(0);
    await expect.poll(() => keptGeneration(app)).toMatchObject({ systemPrompt: 'Use words.' });
  });

  test('of a new chat take no key either, and show none in the transcript', async ({ app, chat }) => {
    await startWithDemo(chat);
    await settingsButton(chat).click();
    await systemPrompt(chat).fill(`Use ${KEY}`);
    await expect(chat.getByRole('dialog').getByRole('alert')).toContainText('Take it out');
    await expect(chat.getByText('System prompt: Use')).toHaveCount(0);
    await chat.keyboard.press('Escape');
    await expect(promptRow(chat)).toHaveCount(0);
    expect(await app.get('newChat.get', {})).toBeNull();
  });

  test('that came with a key in them ask before it leaves, and say where it is', async ({
    app,
    chat,
    server,
    folder,
  }) => {
    server.onMessage(/./, { content: 'Yes.' });
    await startWithDemo(chat);
    await send(chat, 'Hi');
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    const database = new DatabaseSync(path.join(folder, 'history.sqlite'));
    database.prepare('UPDATE conversations SET system_prompt = ?').run(`Use ${KEY}`);
    database.close();
    await chat.reload();
    await chat.getByRole('list', { name: 'Conversations' }).getByRole('button', { name: 'Hi' }).click();
    server.clearRequests();
    await send(chat, 'Again');
    const alert = chat.getByRole('alert');
    await expect(alert).toContainText('There seems to be an API key in the system prompt');
    await expectAccessible(chat);
    expect(server.getRequests().filter(({ method }) => method === 'POST')).toHaveLength(0);
    await alert.getByRole('button', { name: 'Open settings' }).click();
    await expect(systemPrompt(chat)).toHaveValue(`Use ${KEY}`);
    await chat.keyboard.press('Escape');
    await chat.getByRole('button', { name: 'Send' }).click();
    await alert.getByRole('button', { name: 'Send anyway' }).click();
    await expect(message(chat)).toHaveValue('');
    expect((await app.get('conversations.list', {})).length).toBe(1);
    expect(server.getRequests().filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('offer nothing that the model cannot do, and say why', async ({ chat }) => {
    await startWithDemo(chat);
    await chooseModel(chat, 'gpt-4o');
    await settingsButton(chat).click();
    const effort = chat.getByRole('combobox', { name: 'Effort' });
    await expect(effort).toBeDisabled();
    await expect(effort).toHaveAccessibleDescription('gpt-4o takes no effort.');
    await expectAccessible(chat);
  });

  test('of a new chat are still there after a reload, and go with the first message', async ({
    app,
    chat,
    server,
  }) => {
    server.onMessage(/./, { content: 'Yes.' });
    await startWithDemo(chat);
    await settingsButton(chat).click();
    await systemPrompt(chat).fill('You answer in verse.');
    await chat.keyboard.press('Escape');
    await expect.poll(() => app.get('newChat.get', {})).not.toBeNull();
    await chat.reload();
    await expect(promptRow(chat)).toHaveText('System prompt: You answer in verse.');
    await send(chat, 'Hi');
    await expect(chat.getByRole('log', { name: 'Messages' })).toContainText('System prompt: You answer');
    expect(await keptGeneration(app)).toEqual({
      ...PLAIN_GENERATION,
      systemPrompt: 'You answer in verse.',
    });
    await chat.keyboard.press('Control+n');
    await expect(promptRow(chat)).toHaveCount(0);
    await expect.poll(() => app.get('newChat.get', {})).toBeNull();
  });
});

test.describe('presets under a policy', () => {
  test.use({
    policy: async ({ server }, use) =>
      use(
        testPolicy({
          connections: [
            managedConnection(`${server.url}/v1`, {
              provider: 'local',
              dialect: 'chat-completions',
              defaultModel: 'gpt-5.2',
            }),
          ],
          allowsOwnConnections: false,
          models: [{ names: ['gpt-5*'] }],
        }),
      ),
  });

  test('apply without what is not allowed, and say so', async ({ app, chat, server }) => {
    server.onMessage(/./, { content: 'Yes.' });
    const preset = { id: null, name: 'Wild', connectionId: null, model: 'o3', generation: TERSE };
    const { id } = await app.get('presets.save', preset);
    await app.get('settings.change', { defaultPresetId: id });
    await chat.reload();
    await expect(promptRow(chat)).toHaveText('System prompt: Answer in one line.');
    await expect(chat.getByRole('combobox', { name: 'Model' })).toHaveValue('gpt-5.2');
    await settingsButton(chat).click();
    await expect(chat.getByRole('dialog')).toContainText('Your organisation does not allow its model');
    await chat.keyboard.press('Escape');
    await send(chat, 'Hi');
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    expect(await app.get('conversations.list', {})).toMatchObject([{ model: 'gpt-5.2' }]);
  });
});

test.describe('presets', () => {
  test('are saved from the conversation, made the default, and every new chat begins with it', async ({
    app,
    chat,
    server,
  }) => {
    server.onMessage(/./, { content: 'Yes.' });
    await startWithDemo(chat);
    await settingsButton(chat).click();
    await systemPrompt(chat).fill('You answer in verse.');
    await chat.getByRole('button', { name: 'Save as preset' }).click();
    await chat.getByRole('textbox', { name: 'Name of the preset' }).fill('Poet');
    await chat.getByRole('checkbox', { name: 'With connection and model' }).check();
    await expectAccessible(chat);
    await chat.keyboard.press('Enter');
    await expect(chat.getByRole('combobox', { name: 'Preset' })).toHaveValue(/./);
    await systemPrompt(chat).fill('');
    await chat.keyboard.press('Escape');
    await openPromptsTab(chat);
    await chat.getByRole('combobox', { name: 'New chats begin with' }).selectOption('Poet');
    await expectAccessible(chat);
    await expect.poll(async () => (await app.get('settings.get', {})).defaultPresetId).not.toBeNull();
    await chat.keyboard.press('Escape');
    // The chat at hand was set by hand; the next one is not.
    await expect(promptRow(chat)).toHaveCount(0);
    for (const text of ['One', 'Two']) {
      await send(chat, text);
      await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
      await chat.keyboard.press('Control+n');
      await expect(promptRow(chat)).toHaveText('System prompt: You answer in verse.');
    }
    const rows = await app.get('conversations.list', {});
    const prompts = await Promise.all(
      rows.map(async ({ id }) => (await app.get('conversations.open', { id })).generation.systemPrompt),
    );
    expect(prompts).toEqual(['You answer in verse.', '']);
  });

  test('are applied in a conversation with the way back, and say what does not come into force', async ({
    app,
    chat,
    server,
  }) => {
    server.onMessage(/./, { content: 'Yes.' });
    const gone = await app.addConnection({ baseUrl: `${server.url}/other/v1`, key: null });
    await app.get('presets.save', {
      id: null,
      name: 'Elsewhere',
      connectionId: gone,
      model: 'other-model',
      generation: TERSE,
    });
    await app.get('connections.remove', { id: gone });
    await chat.reload();
    await startWithDemo(chat);
    const picker = chat.getByRole('combobox', { name: 'Model' });
    await expect(picker).not.toHaveValue('');
    const model = await picker.inputValue();
    await settingsButton(chat).click();
    await chat.getByRole('combobox', { name: 'Preset' }).selectOption('Elsewhere');
    await expect(systemPrompt(chat)).toHaveValue('Answer in one line.');
    await expect(chat.getByRole('dialog')).toContainText('Its connection was removed');
    const saving = chat.getByRole('button', { name: 'Save as preset' });
    await expect(saving).toBeDisabled();
    await expect(saving).toHaveAccessibleDescription(
      'Same as “Elsewhere”: change something to save another.',
    );
    await expect(chat.getByRole('combobox', { name: 'Model', includeHidden: true })).toHaveValue(model);
    await expect(chat.getByRole('status', { name: 'Notification' })).toContainText('“Elsewhere” applied.');
    await chat.getByRole('button', { name: 'Undo' }).click();
    await expect(promptRow(chat)).toHaveCount(0);
  });

  test('are made, changed, removed and brought back in the settings', async ({ app, chat }) => {
    await startWithDemo(chat);
    await openPromptsTab(chat);
    await chat.getByRole('button', { name: 'New preset' }).click();
    const form = chat.getByRole('form', { name: 'New preset' });
    await form.getByRole('textbox', { name: 'Name' }).fill('Poet');
    await form.getByRole('textbox', { name: 'System prompt' }).fill('You answer in verse.');
    await form.getByRole('combobox', { name: 'Verbosity' }).selectOption('Short');
    await form.getByRole('button', { name: 'Save preset' }).click();
    const list = chat.getByRole('list', { name: 'Presets' });
    await expect(list).toContainText('verbosity low · You answer in verse.');
    await list.getByRole('button', { name: 'Edit Poet' }).click();
    await chat.getByRole('form', { name: 'Preset Poet' }).getByRole('textbox', { name: 'Name' }).fill(KEY);
    await chat.keyboard.press('Enter');
    await expect(chat.getByRole('alert')).toContainText('This looks like an API key');
    await chat.getByRole('button', { name: 'Cancel' }).click();
    await list.getByRole('button', { name: 'Remove Poet' }).click();
    await expect(chat.getByText('There are no presets yet.')).toBeVisible();
    expect(await app.get('presets.list', {})).toEqual([]);
    await chat.getByRole('button', { name: 'Undo' }).click();
    await expect(list).toContainText('Poet');
    await expectAccessible(chat);
  });
});

test.describe('an editor in the settings', () => {
  for (const [button, form, field] of [
    ['New preset', 'New preset', 'System prompt'],
    ['New prompt', 'New prompt', 'Text'],
  ] as const) {
    test(`takes Escape before the settings do, and asks where something was written: ${form}`, async ({
      chat,
    }) => {
      await startWithDemo(chat);
      await openPromptsTab(chat);
      const settings = chat.getByRole('dialog', { name: 'Settings' });
      const editor = chat.getByRole('form', { name: form });
      await chat.getByRole('button', { name: button }).click();
      await expect(editor.getByRole('textbox', { name: 'Name' })).toBeFocused();
      await chat.keyboard.press('Escape');
      await expect(editor).toHaveCount(0);
      await expect(settings).toBeVisible();
      await chat.getByRole('button', { name: button }).click();
      await editor.getByRole('textbox', { name: field }).fill('A long text.');
      await chat.keyboard.press('Escape');
      const question = chat.getByRole('alertdialog', { name: 'Discard what you wrote?' });
      await expectAccessible(chat);
      await expect(question).toBeVisible();
      await chat.keyboard.press('Escape');
      await expect(question).toHaveCount(0);
      await expect(editor.getByRole('textbox', { name: field })).toHaveValue('A long text.');
      await expect(editor.getByRole('textbox', { name: field })).toBeFocused();
      await chat.keyboard.press('Escape');
      await question.getByRole('button', { name: 'Discard' }).click();
      await expect(editor).toHaveCount(0);
      await expect(settings).toBeVisible();
      await chat.keyboard.press('Escape');
      await expect(settings).toHaveCount(0);
    });
  }
});

test.describe('the prompt library', () => {
  test('is filled and used by keyboard alone', async ({ chat }) => {
    await startWithDemo(chat);
    await openPromptsTab(chat);
    for (const [name, text] of [
      ['Translate', 'Into {{language=English}}: {{text}}'],
      ['Today', 'It is {{date}}.'],
    ] as const) {
      await chat.getByRole('button', { name: 'New prompt' }).click();
      await chat.getByRole('textbox', { name: 'Name' }).fill(name);
      await chat.getByRole('textbox', { name: 'Text' }).fill(text);
      await chat.getByRole('button', { name: 'Save prompt' }).click();
      await expect(chat.getByRole('list', { name: 'Prompts' })).toContainText(name);
    }
    await chat.keyboard.press('Escape');
    await message(chat).focus();
    await chat.keyboard.type('/');
    const options = chat.getByRole('listbox', { name: 'Prompts' }).getByRole('option');
    await expect(options).toHaveCount(2);
    await expectAccessible(chat);
    await chat.keyboard.press('ArrowDown');
    await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
    await chat.keyboard.press('Enter');
    await expect(chat.getByRole('textbox', { name: 'language' })).toBeFocused();
    // What was typed to find the prompt is no message.
    await expect(message(chat)).toHaveValue('');
    await expectAccessible(chat);
    await chat.keyboard.type('French');
    await chat.keyboard.press('Tab');
    await chat.keyboard.type('Hallo');
    await chat.keyboard.press('Shift+Enter');
    await chat.keyboard.type('Welt');
    await chat.keyboard.press('Enter');
    await expect(message(chat)).toHaveValue('Into French: Hallo\nWelt');
    await expect(message(chat)).toBeFocused();
    await chat.keyboard.press('Control+z');
    await expect(message(chat)).toHaveValue('');
    await chat.keyboard.type('My draft. ');
    await chat.getByRole('button', { name: 'Prompts' }).click();
    await chat.keyboard.type('Trans');
    await chat.keyboard.press('Enter');
    await expect(chat.getByRole('textbox', { name: 'language' })).toBeFocused();
    await expect(chat.getByRole('button', { name: 'Send' })).toBeDisabled();
    await chat.keyboard.press('Escape');
    await expect(chat.getByRole('button', { name: 'Send' })).toBeEnabled();
  });

  test('never takes a draft away', async ({ app, chat, server }) => {
    server.onMessage(/./, { content: 'Yes.' });
    await app.get('prompts.save', { id: null, name: 'Ask', text: 'What about {{this}}?' });
    await startWithDemo(chat);
    await message(chat).fill('Before. After.');
    await message(chat).press('Home');
    for (let step = 0; step < 8; step += 1) await chat.keyboard.press('ArrowRight');
    await chat.getByRole('button', { name: 'Prompts' }).click();
    await chat.keyboard.press('Enter');
    await chat.keyboard.type('cost');
    await chat.keyboard.press('Escape');
    await expect(message(chat)).toHaveValue('Before. After.');
    await expect(message(chat)).toBeFocused();
    await chat.getByRole('button', { name: 'Prompts' }).click();
    await chat.getByRole('option', { name: /Ask/ }).click();
    await chat.getByRole('textbox', { name: 'this' }).fill('cost');
    await chat.getByRole('button', { name: 'Insert' }).click();
    await expect(message(chat)).toHaveValue('Before. What about cost?After.');
  });

  test('lets a message begin with a slash', async ({ app, chat, server }) => {
    server.onMessage(/./, { content: 'Yes.' });
    await app.get('prompts.save', { id: null, name: 'Ask', text: 'What?' });
    await startWithDemo(chat);
    await message(chat).pressSequentially('/');
    await expect(chat.getByRole('listbox', { name: 'Prompts' })).toBeVisible();
    await chat.keyboard.press('Escape');
    await expect(chat.getByRole('listbox', { name: 'Prompts' })).toHaveCount(0);
    await chat.keyboard.type('a');
    await expect(message(chat)).toHaveValue('/a');
    await message(chat).fill('');
    await message(chat).pressSequentially('/usr is full');
    await expect(chat.getByRole('listbox', { name: 'Prompts' })).toHaveCount(0);
    await chat.keyboard.press('Enter');
    await expect(chat.getByRole('article', { name: 'You' })).toHaveText('/usr is full');
  });

  test('says that it is empty, and leads to where it is filled', async ({ chat }) => {
    await startWithDemo(chat);
    await chat.getByRole('button', { name: 'Prompts' }).click();
    await expect(chat.getByText('There are no prompts yet.')).toBeVisible();
    await expectAccessible(chat);
    await chat.getByRole('button', { name: 'New prompt' }).click();
    await expect(chat.getByRole('tab', { name: 'Prompts' })).toHaveAttribute('aria-selected', 'true');
  });
});
