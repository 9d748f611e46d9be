import { clickAndSeeClosed, fillConnection } from '../e2e/fixtures.ts';
import { proves } from '../harness/proves.ts';
import { expect, test } from './journey.ts';
import { startProvider } from './providers.ts';

test(
  'a pasted key: pasted, saved, off the clipboard, killed',
  proves('not-in-chat-window', 'nowhere-else'),
  async ({ journey }) => {
    const provider = await startProvider();
    const { latchkey, canary, lastFour } = journey;
    await latchkey.electron.evaluate(({ clipboard }, text) => clipboard.writeText(text), canary);
    const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
    const keyWindow = await latchkey.openKeyWindow(() => opener.click());
    await fillConnection(keyWindow, { baseUrl: provider.baseUrl });
    await keyWindow.getByRole('button', { name: 'Paste from clipboard' }).click();
    await expect(keyWindow.getByText(`…${lastFour}`)).toBeVisible();
    await journey.look('once pasted');

    await clickAndSeeClosed(keyWindow, 'Save key');
    await expect(latchkey.chat.getByRole('group', { name: 'Key' })).toContainText(lastFour);
    await expect
      .poll(() => latchkey.electron.evaluate(async ({ clipboard }) => await clipboard.readText()))
      .toBe('');
    await journey.look('once saved');

    await latchkey.kill();
    await journey.lookAtRemains('after kill -9');
    await provider.stop();
  },
);
