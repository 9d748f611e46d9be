import { assistantStatus, enterKey, send } from '../e2e/fixtures.ts';
import { proves } from '../harness/proves.ts';
import { expect, test } from './journey.ts';
import { HOSTILE, startProvider } from './providers.ts';

test(
  'a hostile server that repeats the key wherever it can',
  proves('not-in-chat-window', 'nowhere-else', 'bound-to-origin'),
  async ({ journey }) => {
    const { latchkey, canary, watch } = journey;
    const { chat } = latchkey;
    const provider = await startProvider();
    await enterKey(latchkey, { baseUrl: provider.baseUrl, key: canary });
    // From the list of models, which a hostile answer would spoil.
    await expect(chat.getByRole('combobox', { name: 'Model' })).not.toHaveValue('');
    for (const [name, makeAnswer] of Object.entries(HOSTILE)) {
      provider.answerWith(makeAnswer(watch.foreignServer.baseUrl));
      const asked = provider.requests.length;
      await chat.getByRole('button', { name: 'New chat' }).click();
      await send(chat, `Asked of ${name}`);
      await expect(assistantStatus(chat)).toHaveText(/Failed|Interrupted/);
      expect(provider.requests.slice(asked).some(({ head }) => head.includes(`Bearer ${canary}`))).toBe(true);
      await testKey();
      await journey.glance(name);
    }
    await journey.look('after all of them');
    await latchkey.quit();
    await journey.lookAtRemains('after quitting');
    expect(watch.foreignServer.requests).toEqual([]);
    await provider.stop();

    async function testKey(): Promise<void> {
      await chat.keyboard.press('Control+,');
      const dialog = chat.getByRole('dialog', { name: 'Settings' });
      const asked = provider.requests.length;
      await dialog.getByRole('button', { name: 'Test', exact: true }).click();
      await expect.poll(() => provider.requests.length).toBeGreaterThan(asked);
      await expect(dialog.getByRole('button', { name: 'Test', exact: true })).toBeEnabled();
      await chat.keyboard.press('Escape');
    }
  },
);
