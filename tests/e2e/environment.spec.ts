import { existsSync } from 'node:fs';
import path from 'node:path';
import { startRawServer } from '../harness/raw-server.ts';
import { assistantStatus, enterKey, expect, lastAnswer, send, test } from './fixtures.ts';

const KEY = 'sk-test-0123456789-abcdefghij-4f2a';

test('no environment variable moves a request, adds a header, opens TLS or writes its keys', async ({
  profile,
  server,
}) => {
  const canary = await startRawServer((_request, socket) => socket.end());
  const tlsKeyLog = path.join(profile.folder, 'tls-keys.log');
  server.onMessage(/./, { content: 'An answer.' });
  const latchkey = await profile.launch({
    env: {
      OPENAI_BASE_URL: canary.baseUrl,
      OPENAI_API_KEY: 'sk-from-the-environment-0123456789',
      OPENAI_ORG_ID: 'org-evil',
      OPENAI_PROJECT_ID: 'proj-evil',
      OPENAI_CUSTOM_HEADERS: 'X-Evil: 1',
      OPENAI_LOG: 'debug',
      HTTP_PROXY: new URL(canary.baseUrl).origin,
      HTTPS_PROXY: new URL(canary.baseUrl).origin,
      ALL_PROXY: new URL(canary.baseUrl).origin,
      http_proxy: new URL(canary.baseUrl).origin,
      https_proxy: new URL(canary.baseUrl).origin,
      all_proxy: new URL(canary.baseUrl).origin,
      NODE_USE_ENV_PROXY: '1',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      SSLKEYLOGFILE: tlsKeyLog,
      NODE_EXTRA_CA_CERTS: path.join(profile.folder, 'evil-root.pem'),
      NODE_USE_SYSTEM_CA: '1',
      SSL_CERT_FILE: path.join(profile.folder, 'evil-root.pem'),
      SSL_CERT_DIR: profile.folder,
    },
  });
  await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: KEY });
  await send(latchkey.chat, 'Hello');
  await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
  await expect(lastAnswer(latchkey.chat)).toContainText('An answer.');
  expect(canary.requests).toEqual([]);
  expect(JSON.stringify(server.getRequests().map(({ headers }) => headers))).not.toMatch(
    /evil|from-the-environment/i,
  );
  expect(latchkey.output()).not.toContain(KEY);
  expect(existsSync(tlsKeyLog)).toBe(false);
  const left = await latchkey.electron.evaluate(() =>
    Object.keys(process.env).filter((name) =>
      /^OPENAI_|TLS_REJECT|SSLKEYLOG|_proxy$|CA_CERTS|SYSTEM_CA|SSL_CERT/i.test(name),
    ),
  );
  expect(left).toEqual([]);
  await canary.stop();
});

test('a keyring that is locked at the start: the key says so, is kept, and works once it is unlocked', async ({
  profile,
  server,
}) => {
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
});
