import { expect, test } from '../e2e/fixtures.ts';
import { startOpenRouterServer, type OpenRouterServer } from '../harness/openrouter-server.ts';
import { startRawServer, type RawServer } from '../harness/raw-server.ts';
import {
  printReports,
  searchEverywhere,
  searchFiles,
  tapChatWindow,
  type CanaryWatch,
  type PlaceReport,
} from './canary-watch.ts';
import { PLANTS } from './plants.ts';
import { signInJourney } from './sign-in-journey.ts';

const MINTED = 'sk-or-v1-canary-Vb7nM2kL9pQ4wX6zT8rY1sD3-5f8a';

let openRouter: OpenRouterServer;
let foreignServer: RawServer;

test.beforeEach(async () => {
  foreignServer = await startRawServer((_request, socket) => socket.end());
  openRouter = await startOpenRouterServer({ mint: () => MINTED });
});

test.afterEach(async () => {
  await openRouter.stop();
  await foreignServer.stop();
});

async function expectNowhere(moment: string, watch: CanaryWatch, secrets: readonly string[]): Promise<void> {
  for (const canary of secrets) expectNoHits(moment, await searchEverywhere({ ...watch, canary }));
}

function expectNoHits(moment: string, reports: readonly PlaceReport[]): void {
  printReports(moment, reports);
  expect(reports.filter(({ hits }) => hits > 0)).toEqual([]);
}

test('a minted key is nowhere it should not be, nor are code and verifier: once saved, used, replaced, removed', async ({
  profile,
}) => {
  const latchkey = await profile.launch({ args: [`--openrouter-origin=${openRouter.origin}`] });
  const watch: CanaryWatch = { canary: MINTED, latchkey, profile, foreignServer };
  const { chat } = latchkey;
  await tapChatWindow(latchkey.electron);
  const first = await signInJourney(latchkey, chat, openRouter);
  await expect(chat.getByRole('group', { name: 'Key', exact: true })).toContainText('5f8a');
  await expectNowhere('once minted', watch, Object.values(first));

  await chat.keyboard.press('Control+,');
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('button', { name: 'Test' }).click();
  await expect(dialog.getByRole('status')).toContainText('Accepted');
  expect(openRouter.bearers).toContain(`Bearer ${MINTED}`);
  await expectNowhere('once used', watch, [MINTED]);

  const second = await signInJourney(latchkey, dialog, openRouter);
  await expectNowhere('once replaced', watch, Object.values(second));

  await dialog.getByRole('button', { name: 'Remove' }).click();
  await chat.getByRole('alertdialog').getByRole('button', { name: 'Remove connection' }).click();
  await expect(dialog).not.toContainText('5f8a');
  await expectNowhere('once removed', watch, [MINTED]);

  await PLANTS.ipc(watch);
  const found = (await searchEverywhere(watch)).filter(({ hits }) => hits > 0).map(({ place }) => place);
  expect(found, 'the search finds this key where it was planted').toContain('ipc');
  await latchkey.quit();
  for (const canary of [...Object.values(first), ...Object.values(second)])
    expectNoHits('after quitting', searchFiles({ profile, canary }));
});
