import { assistantStatus, enterKey, expect, send, test } from './fixtures.ts';
import { proves } from '../harness/proves.ts';

const KEY = 'sk-test-0123456789-abcdefghij-4f2a';

test(
  'a keyring that is locked at the start: the key says so, is kept, and works once it is unlocked',
  proves('never-destroyed'),
  async ({ profile, server }) => {
    server.onMessage(/./, { content: 'An answer.' });
    const first = await profile.launch();
    await enterKey(first, { baseUrl: `${server.url}/v1`, key: KEY });
    await send(first.chat, 'Hello');
    await expect(assistantStatus(first.chat)).toHaveText(/Done/);
    await first.quit();

    await profile.lockKeyring();
    const locked = await profile.launch();
    await locked.chat.getByRole('list', { name: 'Conversations' }).getByText('Hello').click();
    await send(locked.chat, 'Anybody?');
    await expect(locked.chat.getByRole('alert').first()).toContainText(/lock|keyring/i);
    await expect(locked.chat.getByRole('textbox', { name: 'Message' })).toHaveValue('Anybody?');
    await locked.quit();

    await profile.unlockKeyring();
    const unlocked = await profile.launch();
    await unlocked.chat.getByRole('list', { name: 'Conversations' }).getByText('Hello').click();
    await send(unlocked.chat, 'And now?');
    await expect(unlocked.chat.getByRole('article', { name: 'Assistant' })).toHaveCount(2);
    await expect(assistantStatus(unlocked.chat)).toHaveText(/Done/);
  },
);
