import { expect } from '../e2e/fixtures.ts';
import { startOpenRouterServer, type OpenRouterServer } from '../harness/openrouter-server.ts';
import { proves } from '../harness/proves.ts';
import { test } from './journey.ts';
import { signInJourney } from './sign-in-journey.ts';

const MINTED = 'sk-or-v1-canary-Vb7nM2kL9pQ4wX6zT8rY1sD3-5f8a';

let openRouter: OpenRouterServer;

test.beforeEach(async () => {
  openRouter = await startOpenRouterServer({ mint: () => MINTED });
});

test.afterEach(() => openRouter.stop());

test(
  'a minted key is nowhere it should not be, nor are code and verifier: once saved, used, replaced, removed',
  proves('sign-in-blind', 'not-in-chat-window'),
  async ({ startJourney }) => {
    const { latchkey, look, glance, lookAtRemains } = await startJourney({
      canary: MINTED,
      launch: { args: [`--openrouter-origin=${openRouter.origin}`] },
    });
    const { chat } = latchkey;
    const first = await signInJourney(latchkey, chat, openRouter);
    await expect(chat.getByRole('group', { name: 'Key', exact: true })).toContainText('5f8a');
    await look('once minted', Object.values(first));

    await chat.keyboard.press('Control+,');
    const dialog = chat.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('button', { name: 'Test' }).click();
    await expect(dialog.getByRole('status').filter({ hasText: 'Accepted' })).toBeVisible();
    expect(openRouter.bearers).toContain(`Bearer ${MINTED}`);
    await look('once used', [MINTED]);

    const second = await signInJourney(latchkey, dialog, openRouter);
    await glance('once replaced', Object.values(second));

    await dialog.getByRole('button', { name: 'Remove' }).click();
    await chat.getByRole('alertdialog').getByRole('button', { name: 'Remove connection' }).click();
    await expect(dialog).not.toContainText('5f8a');
    await look('once removed', [MINTED]);
    await latchkey.quit();
    await lookAtRemains('after quitting', [...Object.values(first), ...Object.values(second)]);
  },
);
