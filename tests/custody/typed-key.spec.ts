import { assistantStatus, clickAndSeeClosed, fillConnection, send, typeKey } from '../e2e/fixtures.ts';
import { proves } from '../harness/proves.ts';
import { expect, test } from './journey.ts';
import { answerInHalves, answerWell, HOSTILE, startProvider, type Provider } from './providers.ts';

let provider: Provider;
test.beforeEach(async () => {
  provider = await startProvider();
});
test.afterEach(() => provider.stop());

test(
  'a typed key: typed, saved, tested, answered with, refused, removed',
  { tag: '@first', ...proves('not-in-chat-window', 'nowhere-else', 'removed-means-removed') },
  async ({ journey }) => {
    const { latchkey, canary, lastFour } = journey;
    const { chat } = latchkey;
    const opener = chat.getByRole('button', { name: 'Add API key' });
    const keyWindow = await latchkey.openKeyWindow(() => opener.click());
    await fillConnection(keyWindow, { baseUrl: provider.baseUrl });
    await typeKey(keyWindow, canary);
    expect(await keyWindow.getByLabel('API key', { exact: true }).inputValue()).toBe(canary);
    await journey.look('while typed');

    await clickAndSeeClosed(keyWindow, 'Save key');
    await expect(chat.getByRole('group', { name: 'Key' })).toContainText(lastFour);
    await journey.look('once saved');

    await chat.keyboard.press('Control+,');
    const dialog = chat.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('button', { name: 'Test', exact: true }).click();
    await expect(dialog.getByRole('status').first()).toContainText(/accept|works|model/i);
    expect(provider.requests.at(-1)?.head).toContain(`Bearer ${canary}`);
    await journey.glance('once tested');
    await chat.keyboard.press('Escape');

    const { answer, finish } = answerInHalves();
    provider.answerWith(answer);
    await send(chat, 'Hello');
    await expect(chat.getByRole('article', { name: 'Assistant' })).toContainText('An answer.');
    await journey.look('while it streams');
    finish();
    await expect(assistantStatus(chat)).toHaveText(/Done/);
    provider.answerWith(answerWell);
    await journey.glance('once answered');

    provider.answerWith(HOSTILE['a 401 that says the key']?.('') ?? answerWell);
    await send(chat, 'And now?');
    await expect(assistantStatus(chat).last()).toHaveText(/Failed/);
    await journey.look('once refused');

    await chat.keyboard.press('Control+,');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await chat
      .getByRole('alertdialog')
      .getByRole('button', { name: /Remove/ })
      .first()
      .click();
    await expect(dialog).not.toContainText(lastFour);
    await journey.look('once removed');
    await latchkey.quit();
    await journey.lookAtRemains('after quitting');
  },
);
