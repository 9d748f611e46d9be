import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { MANAGED_ID, managedConnection } from '../harness/test-policy.ts';
import { proves } from '../harness/proves.ts';
import { assistantStatus, clickAndSeeClosed, expect, send, test, typeKey } from './fixtures.ts';

const KEY = 'sk-test-0123456789-abcdefghij-4f2a';

/** Calls a route past the window's own code, as a script in its page would. */
function request(chat: Page, route: string, input: object): Promise<unknown> {
  return chat.evaluate(
    ([name, value]) =>
      (
        window as unknown as { latchkey: { request(route: string, input: object): Promise<unknown> } }
      ).latchkey.request(name, value),
    [route, input] as const,
  );
}

test(
  'a policy sets the connection up, and holds the window and a direct call to it',
  proves('policy-holds'),
  async ({ profile, server }) => {
    server.onMessage(/./, { content: 'Hello from work.' });
    const file = path.join(profile.folder, 'policy.json');
    const rules = {
      version: 1,
      connections: [managedConnection(`${server.url}/v1`, { defaultModel: 'gpt-5.2' })],
      allowsOwnConnections: false,
      models: [{ names: ['gpt-5*'] }],
      allowsDeepLinks: false,
      requiresKeystore: true,
    };
    writeFileSync(file, JSON.stringify(rules), { mode: 0o644 });
    const latchkey = await profile.launch({
      args: [`--policy-file=${file}`, 'latchkey://v1/chat?prompt=From%20outside'],
    });
    const { chat } = latchkey;
    await expect(chat.getByRole('alert')).toContainText('turned links off');
    await expect(chat.getByRole('region', { name: 'From a link' })).toHaveCount(0);
    await expect(chat.getByText('Managed by your organisation')).toBeVisible();

    const keyWindow = await latchkey.openKeyWindow(() =>
      chat.getByRole('button', { name: 'Add API key' }).click(),
    );
    await expect(keyWindow.getByRole('textbox', { name: 'Base URL' })).toHaveValue(`${server.url}/v1`);
    await typeKey(keyWindow, KEY);
    await clickAndSeeClosed(keyWindow, 'Save key');
    await send(chat, 'Hi');
    await expect(assistantStatus(chat)).toHaveText(/Done/);

    const asked = server.getRequests().length;
    const refusals = {
      'policy/model': await request(chat, 'chat.send', {
        conversationId: null,
        connectionId: MANAGED_ID,
        model: 'gpt-4o',
        text: 'Hi',
      }),
      'policy/managed': await request(chat, 'connections.change', {
        id: MANAGED_ID,
        baseUrl: 'https://evil.example',
      }),
      'policy/own-connections': await request(chat, 'keys.openWindow', { connectionId: null }),
      'policy/deep-links': await request(chat, 'protocol.register', {}),
    };
    for (const [code, answer] of Object.entries(refusals))
      expect(answer).toMatchObject({ ok: false, error: { code } });
    expect(server.getRequests()).toHaveLength(asked);
  },
);

test(
  'a policy that others could write blocks the app until it is mended, and costs nothing',
  proves('policy-holds'),
  async ({ profile, server }) => {
    server.onMessage(/./, { content: 'Hello.' });
    const file = path.join(profile.folder, 'policy.json');
    const rules = { version: 1, connections: [managedConnection(`${server.url}/v1`, { provider: 'local' })] };
    writeFileSync(file, JSON.stringify(rules));
    chmodSync(file, 0o666);
    const args = [`--policy-file=${file}`];

    const blocked = await profile.launch({ args });
    const alert = blocked.chat.getByRole('alert');
    await expect(alert).toContainText('The policy of your organisation cannot be trusted');
    await expect(alert).toContainText(file);
    await expect(alert).toContainText('mode 0666');
    for (const route of ['connections.list', 'conversations.list', 'settings.get', 'network.list'])
      expect(await request(blocked.chat, route, {})).toMatchObject({
        ok: false,
        error: { code: 'policy/untrusted' },
      });
    await blocked.quit();
    expect(server.getRequests()).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe(JSON.stringify(rules));

    chmodSync(file, 0o644);
    const { chat } = await profile.launch({ args });
    await expect(chat.getByText('Managed by your organisation')).toBeVisible();
    await chat.getByRole('combobox', { name: 'Model' }).fill('gpt-5.2');
    await chat.keyboard.press('Enter');
    await send(chat, 'Hi');
    await expect(assistantStatus(chat)).toHaveText(/Done/);
  },
);
