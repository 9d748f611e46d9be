import type { LLMock } from '@copilotkit/aimock';
import type { Page } from '@playwright/test';
import type { TestCore } from '../harness/create-test-core.ts';
import { expect, expectAccessible, send, startWithDemo, test } from './fixtures.ts';
import { proves } from '../harness/proves.ts';

const ANSWER = [
  '# Heading',
  '',
  'Some **bold** and `code`, and a [link](https://example.com/docs).',
  '',
  '- one',
  '- two',
  '',
  '| a | b |',
  '| - | - |',
  '| 1 | 2 |',
  '',
  '```ts',
  'const answer = 42;',
  '```',
].join('\n');

test.describe('first run', () => {
  test('welcomes, offers the demo, and is accessible', async ({ chat }) => {
    await expect(chat.getByRole('heading', { name: 'Welcome to Latchkey' })).toBeVisible();
    await expect(chat.getByRole('button', { name: 'Add API key' })).toBeVisible();
    await expectAccessible(chat);
  });

  test(
    'says that keys live for this session only, before one is asked for',
    proves('ciphertext-only'),
    async ({ app, chat }) => {
      app.cipher.keystore = { kind: 'session-only', backend: 'basic_text', reason: 'No keyring answered.' };
      await chat.reload();
      await expect(chat.getByText(/session/i).first()).toBeVisible();
      await expectAccessible(chat);
    },
  );

  test('takes a key in the key window, and the custody card says where it rests', async ({
    app,
    chat,
    openKeyWindow,
    server,
  }) => {
    const keyWindow = await openKeyWindow(() => chat.getByRole('button', { name: 'Add API key' }).click());
    await expect(keyWindow).toHaveTitle('API key - Latchkey');
    await expectAccessible(keyWindow);
    await keyWindow.getByRole('combobox', { name: 'Provider' }).selectOption('compatible');
    await keyWindow.getByRole('textbox', { name: 'Label' }).fill('work');
    await keyWindow.getByRole('textbox', { name: 'Base URL' }).fill(`${server.url}/v1`);
    await keyWindow.getByLabel('API key', { exact: true }).pressSequentially('sk-test-0123456789abcdef-4f2a');
    await keyWindow.getByRole('button', { name: 'Save key' }).click();
    await expect.poll(() => app.keyWindow.isOpen).toBe(false);
    const card = chat.getByRole('group', { name: 'Key' });
    await expect(card).toContainText('4f2a');
    await expect(card).toContainText('GNOME Keyring');
    await card.getByRole('button', { name: 'Key details' }).click();
    await expectAccessible(chat);
  });
});

test.describe('the key window', () => {
  for (const [url, key, reason] of [
    ['api.example.com/v1', 'sk-0123456789abcdef', /https:\/\//],
    ['http://api.example.com/v1', 'sk-0123456789abcdef', /http/i],
    ['https://u:p@api.example.com/v1', 'sk-0123456789abcdef', /user|password|credential/i],
    ['https://api.example.com/v1', 'sk-one sk-two-0123456789', /space/i],
    ['https://api.example.com/v1', '', /key/i],
  ] as const) {
    test(`says what is wrong with ${url} and ${key.length} characters`, async ({
      app,
      chat,
      openKeyWindow,
    }) => {
      const keyWindow = await openKeyWindow(() => chat.getByRole('button', { name: 'Add API key' }).click());
      await keyWindow.getByRole('combobox', { name: 'Provider' }).selectOption('compatible');
      await keyWindow.getByRole('textbox', { name: 'Base URL' }).fill(url);
      await keyWindow.getByLabel('API key', { exact: true }).fill(key);
      await keyWindow.getByRole('button', { name: 'Save key' }).click();
      await expect(keyWindow.getByRole('alert')).toContainText(reason);
      expect(app.keyWindow.isOpen).toBe(true);
      await expect(keyWindow.getByRole('textbox', { name: 'Base URL' })).toHaveValue(url);
      await expectAccessible(keyWindow);
    });
  }
});

test.describe('keys', () => {
  const KEY = 'sk-test-0123456789abcdef-4f2a';
  const OTHER = 'sk-proj-aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9f-9Q4z';

  async function startWithKeys(app: TestCore, chat: Page, server: LLMock): Promise<string> {
    const id = await app.addConnection({ baseUrl: `${server.url}/v1`, key: KEY });
    await app.get('keys.openWindow', { connectionId: id });
    const form = { provider: 'compatible', label: 'private', baseUrl: '', dialect: 'responses' } as const;
    await app.get('keyWindow.save', { ...form, key: { source: 'typed', text: OTHER } }, 'key');
    await chat.reload();
    await expect(chat.getByRole('textbox', { name: 'Message' })).toBeVisible();
    return id;
  }

  test('of one connection are chosen in the header and per conversation', async ({ app, chat, server }) => {
    server.onMessage(/./, { content: 'ok' });
    await startWithKeys(app, chat, server);
    const picker = chat.getByRole('combobox', { name: 'Connection' });
    await picker.selectOption({ label: 'work · private' });
    await expect(chat.getByRole('group', { name: 'Key' })).toContainText('9Q4z');
    await send(chat, 'With the private one');
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    await chat.getByRole('button', { name: 'New chat' }).click();
    await picker.selectOption({ label: 'work · work' });
    await expect(chat.getByRole('group', { name: 'Key' })).toContainText('4f2a');
    await chat.getByRole('list', { name: 'Conversations' }).getByText('With the private one').click();
    await expect(chat.getByRole('group', { name: 'Key' })).toContainText('9Q4z');
  });

  test('are listed, relabelled, given a last day, removed and brought back', async ({
    app,
    chat,
    server,
  }) => {
    const id = await startWithKeys(app, chat, server);
    await chat.keyboard.press('ControlOrMeta+,');
    const keys = chat.getByRole('list', { name: 'Keys of work' });
    await expect(keys.getByRole('listitem')).toHaveCount(2);
    await expectAccessible(chat);
    await keys.getByRole('button', { name: 'Actions of private' }).click();
    await chat.getByRole('menuitem', { name: 'Label and expiry' }).click();
    await keys.getByRole('textbox', { name: 'Label' }).fill('spare');
    await keys.getByLabel('Use until').fill('2099-12-31');
    await expectAccessible(chat);
    await keys.getByRole('button', { name: 'Save' }).click();
    await expect(keys.getByRole('listitem', { name: 'spare' })).toBeVisible();
    await keys.getByRole('button', { name: 'Actions of spare' }).click();
    await chat.getByRole('menuitem', { name: 'Remove key' }).click();
    await expect(keys.getByRole('listitem')).toHaveCount(1);
    await chat.keyboard.press('Escape');
    await chat.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await app.get('connections.list', {}))[0]?.keys.length).toBe(2);
    const [connection] = await app.get('connections.list', {});
    expect(connection?.id).toBe(id);
    expect(connection?.keys[1]).toMatchObject({ label: 'spare', state: 'ok' });
  });

  test('that leaked: revoke there, remove here, see what was sent', async ({ app, chat, server }) => {
    server.onMessage(/./, { content: 'ok' });
    await startWithKeys(app, chat, server);
    await send(chat, 'A question');
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    await chat.getByRole('button', { name: 'Key details' }).click();
    await chat.getByRole('button', { name: 'It leaked' }).click();
    const dialog = chat.getByRole('dialog', { name: 'When a key has leaked' });
    await expect(dialog).toContainText(new URL(server.url).host);
    await expect(dialog.getByRole('list', { name: 'Conversations it was used in' })).toContainText(
      'A question',
    );
    await expectAccessible(chat);
    await dialog.getByRole('button', { name: 'Remove key' }).click();
    await expect(dialog).toBeHidden();
    await expect(chat.getByRole('button', { name: 'Undo' })).toBeVisible();
  });

  test('in a message are noticed: out of the composer and into the key window', async ({
    app,
    chat,
    server,
  }) => {
    await startWithKeys(app, chat, server);
    const composer = chat.getByRole('textbox', { name: 'Message' });
    await composer.fill(`please use ${OTHER}`);
    await chat.getByRole('button', { name: 'Send' }).click();
    const alert = chat.getByRole('alert');
    await expect(alert).toContainText('looks like an API key');
    await expect(composer).toHaveValue(`please use ${OTHER}`);
    await expectAccessible(chat);
    await alert.getByRole('button', { name: 'Use the key window' }).click();
    await expect(composer).toHaveValue('please use');
    await expect.poll(() => app.keyWindow.isOpen).toBe(true);
  });

  test('in a message go out when that is meant', async ({ app, chat, server }) => {
    server.onMessage(/./, { content: 'ok' });
    await startWithKeys(app, chat, server);
    await chat.getByRole('textbox', { name: 'Message' }).fill(`is ${OTHER} well formed?`);
    await chat.getByRole('button', { name: 'Send' }).click();
    await chat.getByRole('alert').getByRole('button', { name: 'Send anyway' }).click();
    await expect(chat.getByRole('article', { name: 'You' })).toContainText(OTHER);
    await expect(chat.getByRole('alert')).toHaveCount(0);
  });

  test('that give cause for thought are asked about, and saved all the same', async ({
    app,
    chat,
    openKeyWindow,
  }) => {
    const keyWindow = await openKeyWindow(() => chat.getByRole('button', { name: 'Add API key' }).click());
    await keyWindow.getByRole('combobox', { name: 'Provider' }).selectOption('openai');
    await keyWindow.getByLabel('API key', { exact: true }).fill(`sk-ant-api03-${OTHER.slice(8)}`);
    await keyWindow.getByRole('button', { name: 'Save key' }).click();
    await expect(keyWindow.getByRole('alert')).toContainText('Anthropic');
    expect(await keyWindow.getByLabel('API key', { exact: true }).inputValue()).toBe('');
    await expectAccessible(keyWindow);
    await keyWindow.getByRole('button', { name: 'Save anyway' }).click();
    await expect.poll(() => app.keyWindow.isOpen).toBe(false);
    await expect(chat.getByRole('group', { name: 'Key' })).toContainText('9Q4z');
  });

  test('move with their connection nowhere: another address voids them, and the editor says so', async ({
    app,
    chat,
    server,
  }) => {
    await startWithKeys(app, chat, server);
    await chat.keyboard.press('ControlOrMeta+,');
    const dialog = chat.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('button', { name: 'Edit' }).click();
    await dialog.getByRole('textbox', { name: 'Base URL' }).fill('https://elsewhere.example/v1');
    await expect(dialog.getByText(/Keys stay bound to/)).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Organization' }).fill('org-1');
    await expectAccessible(chat);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByRole('list', { name: 'Keys of work' })).toContainText('for another address');
  });
});

test.describe('a conversation', () => {
  test('streams Markdown safely and says when it is done', async ({ chat, server }) => {
    server.onMessage(/./, { content: ANSWER }, { chunkSize: 5 });
    await startWithDemo(chat);
    await send(chat, 'Show me');
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    const answer = chat.getByRole('log', { name: 'Messages' }).getByRole('article', { name: 'Assistant' });
    await expect(answer.getByRole('heading', { name: 'Heading' })).toBeVisible();
    await expect(answer.getByRole('listitem')).toHaveCount(2);
    await expect(answer.getByRole('cell', { name: '2' })).toBeVisible();
    await expect(answer.locator('code', { hasText: 'const answer = 42;' })).toBeVisible();
    await expectAccessible(chat);
  });

  test('never renders HTML, never loads an image, never follows a script link', async ({
    app,
    chat,
    server,
  }) => {
    const requests: string[] = [];
    chat.on('request', (request) => requests.push(request.url()));
    server.onMessage(/./, {
      content:
        '<img src=x onerror="alert(1)"> <script>alert(1)</script>\n\n![tracker](https://evil.example/p.png?q=secret)\n\n' +
        '[click](javascript:alert(1)) [data](data:text/html,x) [ok](https://example.com/a)',
    });
    await startWithDemo(chat);
    await send(chat, 'Attack me');
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    const answer = chat.getByRole('article', { name: 'Assistant' });
    await expect(answer.locator('img, script, iframe')).toHaveCount(0);
    await expect(answer).toContainText('<script>');
    await expect(answer.locator('a[href^="javascript"], a[href^="data"]')).toHaveCount(0);
    expect(requests.filter((url) => url.includes('evil.example'))).toEqual([]);
    await answer.getByText('ok', { exact: true }).click();
    await expect
      .poll(() => app.desktop.opened)
      .toEqual([{ target: 'https://example.com/a', isMisleading: false }]);
  });

  test('can be stopped; the text stays', async ({ chat, server }) => {
    server.onMessage(
      /./,
      { content: 'word '.repeat(400) },
      { chunkSize: 5, streamingProfile: { ttft: 5, tps: 60 } },
    );
    await startWithDemo(chat);
    await send(chat, 'Go on and on');
    const answer = chat.getByRole('article', { name: 'Assistant' });
    await expect(answer).toContainText('word word');
    await chat.getByRole('button', { name: 'Stop' }).click();
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Stopped/);
    await expect(answer).toContainText('word word');
    await expect(chat.getByRole('button', { name: 'Continue' })).toBeVisible();
    await expectAccessible(chat);
  });

  test('loses and doubles nothing when the window is reloaded mid-stream', async ({ chat, server }) => {
    const words = Array.from({ length: 200 }, (_, index) => `w${index}`).join(' ');
    server.onMessage(/./, { content: words }, { chunkSize: 6, streamingProfile: { ttft: 5, tps: 150 } });
    await startWithDemo(chat);
    await send(chat, 'Count');
    await expect(chat.getByRole('article', { name: 'Assistant' })).toContainText('w10');
    await chat.reload();
    await chat.getByRole('list', { name: 'Conversations' }).getByText('Count').click();
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/, {
      timeout: 20_000,
    });
    await expect(chat.getByRole('article', { name: 'Assistant' })).toContainText(words);
  });

  for (const [status, code, words] of [
    [401, 'invalid_api_key', /key/i],
    [429, 'rate_limit_exceeded', /many|limit|wait/i],
    [404, 'model_not_found', /model/i],
    [500, 'server_error', /problem|provider|server/i],
  ] as const) {
    test(`says what to do about a ${status}`, async ({ chat, server }) => {
      server.onMessage(/./, { error: { message: 'raw provider words', code }, status });
      await startWithDemo(chat);
      await send(chat, 'Please');
      const alert = chat.getByRole('alert');
      await expect(alert).toContainText(words);
      await expect(alert).not.toContainText('raw provider words');
      await expect(alert.getByRole('button').first()).toBeVisible();
      await expect(chat.getByRole('article', { name: 'You' })).toContainText('Please');
      await expectAccessible(chat);
    });
  }

  test('waits visibly when the provider asks for it, also after a reload, until told to try now', async ({
    chat,
    server,
  }) => {
    const error = { message: 'raw provider words', code: 'rate_limit_exceeded' };
    server.onMessage(/./, { error, status: 429, retryAfter: 754 });
    await startWithDemo(chat);
    await send(chat, 'Please');
    const status = chat.getByRole('status', { name: 'Assistant status' });
    await expect(status).toHaveText(/Trying again in \d+ min/);
    await expect(chat.getByRole('article', { name: 'Assistant' })).toContainText('request 2 of 3');
    await expectAccessible(chat);
    await chat.reload();
    await chat.getByRole('list', { name: 'Conversations' }).getByText('Please').click();
    await expect(status).toHaveText(/Trying again in \d+ min/);
    server.clearFixtures();
    server.onMessage(/./, { content: 'Here you are.' });
    await chat.getByRole('button', { name: 'Try now' }).click();
    await expect(status).toHaveText(/Done/);
    await expect(chat.getByRole('article', { name: 'Assistant' })).toContainText('Here you are.');
    await expect(chat.getByRole('button', { name: 'Try now' })).toHaveCount(0);
  });

  test('stops waiting when told to, and counts down until then', async ({ chat, server }) => {
    const error = { message: 'raw provider words', code: 'rate_limit_exceeded' };
    server.onMessage(/./, { error, status: 429, retryAfter: 60 });
    await startWithDemo(chat);
    server.clearRequests();
    await send(chat, 'Please');
    const timer = chat.getByRole('status', { name: 'Assistant status' }).getByRole('timer');
    const first = await timer.textContent();
    await expect(timer).not.toHaveText(first ?? '');
    await expect(timer).toHaveText(/^\d+ s$/);
    await chat.getByRole('button', { name: 'Stop' }).click();
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Stopped/);
    await expect(chat.getByText('You stopped before the answer began')).toBeVisible();
    expect(server.getRequests().filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('keeps a message that is too long in the composer', async ({ chat }) => {
    await startWithDemo(chat);
    const composer = chat.getByRole('textbox', { name: 'Message' });
    await composer.evaluate((element: HTMLTextAreaElement) => {
      const setter = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set;
      setter?.call(element, 'x'.repeat(2 * 1024 * 1024));
      element.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await chat.getByRole('button', { name: 'Send' }).click();
    await expect(chat.getByRole('alert')).toContainText(/long|large/i);
    expect(await composer.evaluate((element: HTMLTextAreaElement) => element.value.length)).toBe(
      2 * 1024 * 1024,
    );
  });

  test('keeps a draft over a reload', async ({ chat }) => {
    await startWithDemo(chat);
    await chat.getByRole('textbox', { name: 'Message' }).fill('half a thought');
    await chat.getByRole('button', { name: 'New chat' }).focus();
    await chat.reload();
    await expect(chat.getByRole('textbox', { name: 'Message' })).toHaveValue('half a thought');
  });

  test('is renamed, deleted and brought back', async ({ chat, server }) => {
    server.onMessage(/./, { content: 'ok' });
    await startWithDemo(chat);
    await send(chat, 'First title');
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    const list = chat.getByRole('list', { name: 'Conversations' });
    await list.getByText('First title').click();
    await chat.keyboard.press('F2');
    await chat.keyboard.press('ControlOrMeta+a');
    await chat.keyboard.type('Second title');
    await chat.keyboard.press('Enter');
    await expect(list.getByText('Second title')).toBeVisible();
    await list.getByText('Second title').focus();
    await chat.keyboard.press('Delete');
    await expect(list.getByText('Second title')).toBeHidden();
    await chat.getByRole('button', { name: 'Undo' }).click();
    await expect(list.getByText('Second title')).toBeVisible();
  });
});

test.describe('a prompt from a link', () => {
  const LINK = 'latchkey://v1/chat?prompt=Summarise%20this%0Aplease';

  test(
    'is shown whole and goes into the composer only by Use',
    proves('links-show-only'),
    async ({ app, chat, server }) => {
      await startWithDemo(chat);
      server.clearRequests();
      app.core.links.receive(LINK);
      const region = chat.getByRole('region', { name: 'From a link' });
      await expect(region).toContainText('Summarise this');
      await expect(chat.getByRole('textbox', { name: 'Message' })).toHaveValue('');
      await expectAccessible(chat);
      await region.getByRole('button', { name: 'Use' }).click();
      await expect(chat.getByRole('textbox', { name: 'Message' })).toHaveValue('Summarise this\nplease');
      await expect(region).toBeHidden();
      expect(server.getRequests().filter(({ method }) => method === 'POST')).toHaveLength(0);
    },
  );

  test('never replaces a draft', proves('links-show-only'), async ({ app, chat }) => {
    await startWithDemo(chat);
    await chat.getByRole('textbox', { name: 'Message' }).fill('my own words');
    app.core.links.receive(LINK);
    const region = chat.getByRole('region', { name: 'From a link' });
    await expect(region).toBeVisible();
    await expect(chat.getByRole('textbox', { name: 'Message' })).toHaveValue('my own words');
    await region.getByRole('button', { name: 'Discard' }).click();
    await expect(region).toBeHidden();
    await expect(chat.getByRole('textbox', { name: 'Message' })).toHaveValue('my own words');
  });

  test('that makes no sense is refused with a notice', async ({ app, chat }) => {
    await startWithDemo(chat);
    app.core.links.receive('latchkey://v1/chat?prompt=x&send=1');
    await expect(chat.getByRole('alert')).toContainText(/refused/i);
    await expect(chat.getByRole('region', { name: 'From a link' })).toHaveCount(0);
  });
});

test.describe('settings', () => {
  test('open by keyboard, are accessible on every tab, and remember', async ({ app, chat }) => {
    await startWithDemo(chat);
    await chat.keyboard.press('ControlOrMeta+,');
    const dialog = chat.getByRole('dialog', { name: 'Settings' });
    for (const tab of ['Keys', 'Models', 'Usage', 'Appearance', 'Network', 'Automation', 'About']) {
      await dialog.getByRole('tab', { name: tab }).click();
      await expectAccessible(chat);
    }
    await dialog.getByRole('tab', { name: 'Appearance' }).click();
    await dialog.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
    await expect.poll(() => app.core.settings.get().theme).toBe('dark');
    await expect.poll(() => app.desktop.themes.at(-1)).toBe('dark');
    await chat.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  test('the Network tab shows every request and nothing of its content', async ({ chat, server }) => {
    server.onMessage(/./, { content: 'unmistakable answer' });
    await startWithDemo(chat);
    await send(chat, 'unmistakable question');
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    await chat.keyboard.press('ControlOrMeta+,');
    const dialog = chat.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('tab', { name: 'Network' }).click();
    const row = dialog.getByRole('row').filter({ hasText: 'Answer' });
    await expect(row).toContainText('200, complete');
    await expect(row).toContainText(new URL(server.url).host);
    await expect(row).toContainText('no key');
    await expect(dialog).not.toContainText('unmistakable');
    await expectAccessible(chat);
    await dialog.getByRole('button', { name: 'Clear' }).click();
    await expect(dialog.getByText('No request yet.')).toBeVisible();
    // Not `uncheck`: the box shows what main has, so it changes once main has answered.
    await dialog.getByRole('checkbox', { name: /Keep this list/ }).click();
    await expect(dialog.getByText('Requests are not being listed.')).toBeVisible();
  });

  test('registering links is only ever a click', async ({ app, chat }) => {
    await startWithDemo(chat);
    expect(app.desktop.isProtocolRegistered).toBe(false);
    await chat.keyboard.press('ControlOrMeta+,');
    await chat.getByRole('tab', { name: 'Automation' }).click();
    expect(app.desktop.isProtocolRegistered).toBe(false);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every main screen is accessible in ${colorScheme}`, async ({ chat, server }) => {
    server.onMessage(/./, { content: ANSWER });
    await chat.emulateMedia({ colorScheme });
    await expectAccessible(chat);
    await startWithDemo(chat);
    await expectAccessible(chat);
    await send(chat, 'Show me');
    await expect(chat.getByRole('status', { name: 'Assistant status' })).toHaveText(/Done/);
    await expectAccessible(chat);
  });
}
