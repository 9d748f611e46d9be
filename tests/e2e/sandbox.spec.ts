import { readFileSync } from 'node:fs';
import { assistantStatus, clickAndSeeClosed, enterKey, expect, send, test } from './fixtures.ts';
import { proves } from '../harness/proves.ts';

test.use({ user: 'unprivileged' });

test(
  'as an ordinary user the OS sandbox is on for every renderer, and Latchkey works',
  proves('electron-4'),
  async ({ latchkey, server }) => {
    server.onMessage(/./, { content: 'An answer.' });
    const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
    const keyWindow = await latchkey.openKeyWindow(() => opener.click());
    const processes = await latchkey.electron.evaluate(({ app }) =>
      app.getAppMetrics().map(({ pid, type }) => ({ pid, type })),
    );
    const renderers = processes.filter(({ type }) => type === 'Tab');
    expect(renderers).toHaveLength(2);
    for (const { pid } of processes) {
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')).not.toContain('--no-sandbox');
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).not.toMatch(/^Uid:\s+0\s/m);
    }
    for (const { pid } of renderers)
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\s+2$/m);
    process.stdout.write(
      `sandboxed: ${renderers.map(({ pid }) => `renderer ${pid} Seccomp 2`).join(', ')}\n`,
    );

    await clickAndSeeClosed(keyWindow, 'Cancel');
    await enterKey(latchkey, { baseUrl: `${server.url}/v1`, key: 'sk-test-0123456789-abcdefghij-4f2a' });
    await send(latchkey.chat, 'Hello');
    await expect(assistantStatus(latchkey.chat)).toHaveText(/Done/);
  },
);
