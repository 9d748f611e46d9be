import {
  assistantStatus,
  clickAndSeeClosed,
  expect,
  fillConnection,
  send,
  test,
  typeKey,
} from '../e2e/fixtures.ts';
import { startRawServer, type RawServer } from '../harness/raw-server.ts';
import {
  PLACES,
  printReports,
  searchBesidesMemory,
  searchEverywhere,
  searchFiles,
  searchMemory,
  tapChatWindow,
  type CanaryWatch,
  type Place,
  type PlaceReport,
} from './canary-watch.ts';
import { PLANTS } from './plants.ts';

const TYPED = 'sk-canary-Zq8vK3xW1pLm7RtY5nBc2Hd9-7e1c';
const PASTED = 'sk-canary-Qw4eR6tY8uI0oP2aS5dF7gH9-9b3d';

/** `npm run test:custody -- --plant PLACE`: the key is leaked there, and the journey below must fail. */
const PLANT = process.env['LATCHKEY_PLANT'] as Place | undefined;

let provider: RawServer;
let foreignServer: RawServer;

test.beforeEach(async () => {
  foreignServer = await startRawServer((_request, socket) => socket.end());
  // The worst provider: it refuses the key and says it aloud.
  provider = await startRawServer((request, socket) => {
    const key = /^authorization: Bearer (\S+)/im.exec(request.head)?.[1] ?? '';
    const body = JSON.stringify({
      error: { message: `Incorrect API key provided: ${key}`, code: 'invalid_api_key' },
    });
    socket.end(
      `HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
});

test.afterEach(async () => {
  await provider.stop();
  await foreignServer.stop();
});

function expectNowhere(moment: string, reports: readonly PlaceReport[]): void {
  printReports(moment, reports);
  expect(reports.filter(({ hits }) => hits > 0)).toEqual([]);
}

test('a typed key is nowhere it should not be: while typed, once saved, once used, once removed', async ({
  profile,
  latchkey,
}) => {
  const watch: CanaryWatch = { canary: TYPED, latchkey, profile, foreignServer };
  const { chat } = latchkey;
  await tapChatWindow(latchkey.electron);
  if (PLANT !== undefined) await PLANTS[PLANT](watch);
  const keyWindow = await latchkey.openKeyWindow(() =>
    chat.getByRole('button', { name: 'Add API key' }).click(),
  );
  await fillConnection(keyWindow, { baseUrl: provider.baseUrl });
  await typeKey(keyWindow, TYPED);
  expect(await keyWindow.getByLabel('API key', { exact: true }).inputValue()).toBe(TYPED);
  expectNowhere('while typed', await searchEverywhere(watch));

  await clickAndSeeClosed(keyWindow, 'Save key');
  await expect(chat.getByRole('group', { name: 'Key' })).toContainText('7e1c');
  expectNowhere('once saved', await searchEverywhere(watch));

  await chat.getByRole('combobox', { name: 'Model' }).fill('some-model');
  await chat.keyboard.press('Enter');
  await send(chat, 'Hello');
  await expect(assistantStatus(chat)).toHaveText(/Failed/);
  expect(provider.requests.some(({ head }) => head.includes(`Bearer ${TYPED}`))).toBe(true);
  expectNowhere('once used', await searchEverywhere(watch));

  await chat.keyboard.press('Control+,');
  const dialog = chat.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await chat
    .getByRole('alertdialog')
    .getByRole('button', { name: /Remove/ })
    .first()
    .click();
  await expect(dialog).not.toContainText('7e1c');
  expectNowhere('once removed', await searchEverywhere(watch));
  await latchkey.quit();
  expectNowhere('after quitting', searchFiles(watch));
});

test('a pasted key is nowhere it should not be, after a crash neither', async ({ profile, latchkey }) => {
  const watch: CanaryWatch = { canary: PASTED, latchkey, profile, foreignServer };
  await tapChatWindow(latchkey.electron);
  await latchkey.electron.evaluate(({ clipboard }, text) => clipboard.writeText(text), PASTED);
  const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
  const keyWindow = await latchkey.openKeyWindow(() => opener.click());
  await fillConnection(keyWindow, { baseUrl: provider.baseUrl });
  await keyWindow.getByRole('button', { name: 'Paste from clipboard' }).click();
  await expect(keyWindow.getByText('9b3d')).toBeVisible();
  expectNowhere('once pasted', await searchEverywhere(watch));
  await clickAndSeeClosed(keyWindow, 'Save key');
  await expect(latchkey.chat.getByRole('group', { name: 'Key' })).toContainText('9b3d');
  expectNowhere('once saved', await searchEverywhere(watch));
  await latchkey.kill();
  expectNowhere('after kill -9', searchFiles(watch));
});

test.describe('the search itself', () => {
  test.skip(PLANT !== undefined, 'a plant is about the journeys');

  test('finds a leak in every place', async ({ profile, latchkey }) => {
    await tapChatWindow(latchkey.electron);
    for (const [index, place] of PLACES.entries()) {
      // A canary each: what one plant leaves behind must not count for the next.
      const watch = {
        canary: `sk-plant-${index}-Hj5kL7zX9cV1bN3mQ6wE-${index}`,
        latchkey,
        profile,
        foreignServer,
      };
      const search = place.endsWith('-memory') ? searchMemory : searchBesidesMemory;
      expect((await search(watch)).filter(({ hits }) => hits > 0)).toEqual([]);
      await PLANTS[place](watch);
      await expect
        .poll(async () => (await search(watch)).find((report) => report.place === place)?.hits, {
          message: place,
        })
        .toBeGreaterThan(0);
    }
  });
});
