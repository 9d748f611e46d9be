import { expect } from '../e2e/fixtures.ts';
import { startOpenRouterServer, type OpenRouterServer } from '../harness/openrouter-server.ts';
import { proves } from '../harness/proves.ts';
import { makeCanary, test } from './journey.ts';
import { signInJourney } from './sign-in-journey.ts';

let minted: string;
let openRouter: OpenRouterServer;

test.beforeEach(async () => {
  // Made anew, as every canary: one that stands in a source would be found in a compiler's cache.
  minted = makeCanary().replace('sk-canary-', 'sk-or-v1-');
  openRouter = await startOpenRouterServer({ mint: () => minted });
});

test.afterEach(() => openRouter.stop());

test(
  'a minted key is nowhere it should not be, nor are code and verifier: once saved, used, replaced, removed',
  proves('sign-in-blind', 'not-in-chat-window'),
  async ({ startJourney }) => {
    const { latchkey, look, glance, lookAtRemains } = await startJourney({
      canary: minted,
      launch: { args: [`--openrouter-origin=${openRouter.origin}`] },
    });
    const { chat } = latchkey;
    const first = await signInJourney(latchkey, chat, openRouter);
    await expect(chat.getByRole('group', { name: 'Key', exact: true })).toContainText(minted.slice(-4));
    await look('once minted', Object.values(first));

    await chat.keyboard.press('Control+,');
    const dialog = chat.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('button', { name: 'Test' }).click();
    await expect(dialog.getByRole('status').filter({ hasText: 'Accepted' })).toBeVisible();
    expect(openRouter.bearers).toContain(`Bearer ${minted}`);
    await look('once used', [minted]);

    const second = await signInJourney(latchkey, dialog, openRouter);
    await glance('once replaced', Object.values(second));

    await dialog.getByRole('button', { name: 'Remove' }).click();
    await chat.getByRole('alertdialog').getByRole('button', { name: 'Remove connection' }).click();
    await expect(dialog).not.toContainText(minted.slice(-4));
    await look('once removed', [minted]);
    await latchkey.quit();
    await lookAtRemains('after quitting', [...Object.values(first), ...Object.values(second)]);
  },
);
