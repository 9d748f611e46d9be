import { createServer } from 'node:http';
import type { Page } from '@playwright/test';
import type { TestCore } from '../harness/create-test-core.ts';
import { callbackUrlOf } from '../harness/play-browser.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

/** Presses the button and returns the address the browser was asked to open. */
async function begin(app: TestCore, chat: Page): Promise<string> {
  await chat.getByRole('button', { name: 'Sign in with OpenRouter' }).click();
  await expect(chat.getByRole('status', { name: 'Sign-in status' })).toHaveText(/Waiting/);
  return app.desktop.browserUrls.at(-1) ?? '';
}

/** To be called before what causes it: a toast is gone after some seconds. */
function expectToast(chat: Page, text: string): Promise<void> {
  return expect(chat.getByRole('status', { name: 'Notification' })).toContainText(text, { timeout: 30_000 });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`signing in from the welcome page, ${colorScheme}: the browser leads back, and the key is there`, async ({
    app,
    chat,
    context,
    openRouter,
  }) => {
    await chat.emulateMedia({ colorScheme });
    const address = await begin(app, chat);
    await expect(chat.getByRole('timer', { name: 'Time left' })).toHaveText(/^(?:2:00|1:5\d)$/);
    await expect(chat.getByRole('group', { name: 'Sign-in' })).toBeFocused();
    await expectAccessible(chat);

    const tab = await context.newPage();
    await tab.emulateMedia({ colorScheme });
    const toast = expectToast(chat, 'GNOME Keyring');
    await tab.goto(address);
    await toast;
    await expect(tab.getByRole('heading', { name: 'Back to Latchkey' })).toBeVisible();
    await expect(tab).toHaveTitle('Latchkey');
    await expectAccessible(tab);
    expect(await tab.evaluate(() => document.referrer)).toBe('');

    const card = chat.getByRole('group', { name: 'Key', exact: true });
    await expect(card).toContainText('OpenRouter');
    await expect(card).toContainText(openRouter.minted[0]?.slice(-4) ?? 'no key');
    await expectAccessible(chat);
  });
}

test('a sign-in can be cancelled, and the focus returns', async ({ app, chat }) => {
  await begin(app, chat);
  await chat.getByRole('button', { name: 'Open the browser again' }).click();
  await expect.poll(() => app.desktop.browserUrls.length).toBe(2);
  expect(app.desktop.browserUrls[0]).toBe(app.desktop.browserUrls[1]);
  await chat.getByRole('group', { name: 'Sign-in' }).getByRole('button', { name: 'Cancel' }).click();
  await expect(chat.getByRole('button', { name: 'Sign in with OpenRouter' })).toBeFocused();
  await expect(chat.getByRole('status', { name: 'Sign-in status' })).toHaveCount(0);
});

test('a reload finds the sign-in that waits', async ({ app, chat }) => {
  await begin(app, chat);
  await chat.reload();
  await expect(chat.getByRole('status', { name: 'Sign-in status' })).toHaveText(/Waiting/);
});

test('what went wrong is said, with a way on', async ({ app, chat, context, openRouter }) => {
  openRouter.options.answerExchange = (response) =>
    response.writeHead(403, { 'content-type': 'application/json' }).end('{"error":"raw provider words"}');
  const tab = await context.newPage();
  await tab.goto(await begin(app, chat));
  const alert = chat.getByRole('alert');
  await expect(alert).toContainText('OpenRouter made no key');
  await expect(alert).not.toContainText('raw provider words');
  await expectAccessible(chat);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(chat.getByRole('status', { name: 'Sign-in status' })).toHaveText(/Waiting/);
  app.timer.elapse();
  await expect(alert).toContainText('took too long');
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alert).toHaveCount(0);
});

test('Settings offers it too', async ({ app, chat, context }) => {
  await chat.getByRole('button', { name: 'Use local demo' }).click();
  await chat.keyboard.press('Control+,');
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('button', { name: 'Sign in with OpenRouter' }).click();
  await expect(dialog.getByRole('status', { name: 'Sign-in status' })).toHaveText(/Waiting/);
  await expectAccessible(chat);
  const tab = await context.newPage();
  await tab.goto(app.desktop.browserUrls[0] ?? '');
  await expect(dialog.getByRole('list', { name: 'Connections' })).toContainText('OpenRouter');
  await dialog.getByRole('tab', { name: 'Network' }).click();
  await expect(dialog.getByRole('table')).toContainText('Sign-in');
});

test('the welcome page says why OpenAI wants a key, with links that go through the one opener', async ({
  app,
  chat,
}) => {
  const section = chat.getByRole('region', { name: 'A key for OpenAI' });
  await expect(section).toContainText('has to be a key');
  await section.getByRole('link', { name: 'API keys' }).click();
  await section.getByRole('link', { name: 'Limits' }).click();
  await expect
    .poll(() => app.desktop.opened.map(({ target }) => target))
    .toEqual([
      'https://platform.openai.com/api-keys',
      'https://platform.openai.com/settings/organization/limits',
    ]);
  expect(app.desktop.browserUrls).toEqual([]);
});

test('no page of another origin can answer in the place of the right one, even if it knows the address', async ({
  app,
  chat,
  context,
  openRouter,
}) => {
  const address = await begin(app, chat);
  const attack = `${callbackUrlOf(address)}?code=0123456789abcdef`;
  const attacker = await startAttacker();
  const page = await context.newPage();
  const asked: string[] = [];
  const answers: number[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(callbackUrlOf(address))) asked.push(request.resourceType());
  });
  page.on('response', (response) => {
    if (response.url().startsWith(callbackUrlOf(address))) answers.push(response.status());
  });
  await page.goto(attacker.origin);
  const outcomes = await page.evaluate(async (url) => {
    const outcome = (asked: Promise<Response>) =>
      asked.then(
        () => 'answered',
        () => 'blocked',
      );
    const fetched = await Promise.all([
      outcome(fetch(url)),
      outcome(fetch(url, { mode: 'no-cors' })),
      outcome(fetch(url, { method: 'POST', mode: 'no-cors', body: 'code=1' })),
    ]);
    const load = (element: HTMLElement) =>
      new Promise<void>((resolve) => {
        element.addEventListener('load', () => resolve());
        element.addEventListener('error', () => resolve());
        document.body.append(element);
      });
    await load(Object.assign(new Image(), { src: url }));
    await load(Object.assign(document.createElement('iframe'), { src: url }));
    await load(Object.assign(document.createElement('script'), { src: url }));
    return fetched;
  }, attack);
  expect(outcomes).toEqual(['blocked', 'blocked', 'blocked']);
  const posted = page.waitForResponse((response) => response.request().isNavigationRequest());
  await page.evaluate((url) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: url });
    document.body.append(form);
    form.submit();
  }, callbackUrlOf(address));
  expect((await posted).status()).toBe(405);
  expect(asked.toSorted()).toEqual(['document', 'document', 'fetch', 'fetch', 'fetch', 'image', 'script']);
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.filter((status) => status !== 403 && status !== 405)).toEqual([]);
  expect(openRouter.exchanges).toEqual([]);

  const tab = await context.newPage();
  const toast = expectToast(chat, 'Signed in');
  await tab.goto(address);
  await toast;
  await expect(chat.getByRole('group', { name: 'Key', exact: true })).toContainText('OpenRouter');
  await attacker.stop();
});

/** A page of nobody's, without a policy of its own. */
async function startAttacker(): Promise<{ origin: string; stop(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><body>hello</body>');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  if (typeof bound !== 'object' || bound === null) throw new Error('no address');
  return {
    origin: `http://127.0.0.1:${bound.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
