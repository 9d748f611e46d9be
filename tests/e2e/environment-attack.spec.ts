import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { proves } from '../harness/proves.ts';
import { startRawServer } from '../harness/raw-server.ts';
import { startSecureServer } from '../harness/secure-server.ts';
import { createTestAuthority } from '../harness/test-certificates.ts';
import { assistantStatus, enterKey, expect, lastAnswer, send, test } from './fixtures.ts';

const KEY = 'sk-test-0123456789-abcdefghij-4f2a';

// LD_PRELOAD and its like are not here: who can set them runs code of his own in every program (docs/security.md). What
// NODE_OPTIONS and ELECTRON_RUN_AS_NODE can do is decided by fuses, so tests/package tries them on the packaged app.

test(
  'no environment variable moves a request, adds a header, opens TLS or writes its keys',
  proves('bound-to-origin', 'no-contact', 'nowhere-else'),
  async ({ profile, server }) => {
    const canary = await startRawServer((_request, socket) => socket.end());
    const origin = new URL(canary.baseUrl).origin;
    const tlsKeyLog = path.join(profile.folder, 'tls-keys.log');
    const networkLog = path.join(profile.folder, 'node-debug.log');
    server.onMessage(/./, { content: 'An answer.' });
    const openai = {
      OPENAI_BASE_URL: canary.baseUrl,
      OPENAI_API_KEY: 'sk-from-the-environment-0123456789',
      OPENAI_ADMIN_KEY: 'sk-from-the-environment-admin-0123',
      OPENAI_ORG_ID: 'org-evil',
      OPENAI_PROJECT_ID: 'proj-evil',
      OPENAI_WEBHOOK_SECRET: 'evil',
      OPENAI_CUSTOM_HEADERS: 'X-Evil: 1',
      OPENAI_LOG: 'debug',
    };
    const proxies = {
      HTTP_PROXY: origin,
      HTTPS_PROXY: origin,
      ALL_PROXY: origin,
      NO_PROXY: 'nowhere.invalid',
    };
    const latchkey = await profile.launch({
      env: {
        ...openai,
        ...withNames(openai, (name) => name.toLowerCase()),
        ...withNames(openai, (name) => name.replace('OPENAI', 'OpenAI')),
        ...proxies,
        ...withNames(proxies, (name) => name.toLowerCase()),
        NODE_USE_ENV_PROXY: '1',
        GLOBAL_AGENT_HTTP_PROXY: origin,
        npm_config_proxy: origin,
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
        SSLKEYLOGFILE: tlsKeyLog,
        NODE_REDIRECT_WARNINGS: networkLog,
        NODE_DEBUG: 'http,https,net,tls,fetch,undici',
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
        /^OPENAI_|TLS_REJECT|SSLKEYLOG|^(?:https?|all|no)_proxy$|CA_CERTS|SYSTEM_CA|SSL_CERT/i.test(name),
      ),
    );
    expect(left).toEqual([]);
    await canary.stop();
  },
);

test(
  'no certificate of the environment is trusted, and none at all where the environment says not to look',
  proves('bound-to-origin', 'tls-holds'),
  async ({ profile }) => {
    const authority = await createTestAuthority('Authority of the environment');
    const file = path.join(profile.folder, 'authority.pem');
    writeFileSync(file, authority.pem);
    const server = await startSecureServer(await authority.issue(['127.0.0.1']), (_request, response) =>
      response.end('{}'),
    );
    const latchkey = await profile.launch({
      env: {
        NODE_EXTRA_CA_CERTS: file,
        NODE_USE_SYSTEM_CA: '1',
        SSL_CERT_FILE: file,
        SSL_CERT_DIR: profile.folder,
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      },
    });
    await enterKey(latchkey, { baseUrl: `https://127.0.0.1:${server.port}/v1`, key: KEY });
    await latchkey.chat.getByRole('combobox', { name: 'Model' }).fill('some-model');
    await latchkey.chat.keyboard.press('Enter');
    await send(latchkey.chat, 'Hello');
    await expect(assistantStatus(latchkey.chat)).toHaveText(/Failed/);
    expect(server.requests).toEqual([]);
    await server.stop();
  },
);

function withNames(
  variables: Readonly<Record<string, string>>,
  rename: (name: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [rename(name), value]));
}
