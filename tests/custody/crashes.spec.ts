import { assistantStatus, clickAndSeeClosed, fillConnection, send, typeKey } from '../e2e/fixtures.ts';
import { proves } from '../harness/proves.ts';
import { classifyProcesses } from './classify-processes.ts';
import { coreFilesIn, crash, keepCoreFile } from './core-files.ts';
import { expect, test } from './journey.ts';
import { startProvider } from './providers.ts';

test.use({ leavesCores: true });

test(
  'crashes with core files: of the key window, the network process, the chat window, main',
  { tag: '@cores', ...proves('not-in-chat-window', 'nowhere-else') },
  async ({ journey, profile }) => {
    const { latchkey, canary, lastFour } = journey;
    const { chat, electron } = latchkey;
    const provider = await startProvider();
    const opener = chat.getByRole('button', { name: 'Add API key' });
    const pidOf = (origin: string) =>
      electron.evaluate(
        ({ webContents }, start) =>
          webContents
            .getAllWebContents()
            .find((contents) => contents.getURL().startsWith(start))
            ?.getOSProcessId() ?? 0,
        origin,
      );

    const doomed = await latchkey.openKeyWindow(() => opener.click());
    await typeKey(doomed, canary);
    await crash(await pidOf('app://key/'), profile.folder, 'key-window');
    await expect.poll(() => pidOf('app://key/')).toBe(0);
    await journey.look('key window crashed while typed');

    const keyWindow = await latchkey.openKeyWindow(() => opener.click());
    await fillConnection(keyWindow, { baseUrl: provider.baseUrl });
    await typeKey(keyWindow, canary);
    await clickAndSeeClosed(keyWindow, 'Save key');
    await expect(chat.getByRole('group', { name: 'Key' })).toContainText(lastFour);
    await send(chat, 'Hello');
    await expect(assistantStatus(chat)).toHaveText(/Done/);

    const [network] = (await classifyProcesses(latchkey))['utility-memory'];
    await crash(network ?? 0, profile.folder, 'network-process');
    await journey.glance('network process crashed');

    const chatPid = await pidOf('app://chat/');
    await crash(chatPid, profile.folder, 'chat-window');
    // Main loads the page again, in a new process.
    await expect.poll(() => pidOf('app://chat/').then((pid) => pid !== 0 && pid !== chatPid)).toBe(true);
    await expect
      .poll(() =>
        electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.isLoading()),
      )
      .toBe(false);
    await journey.look('chat window crashed');

    await latchkey.kill('SIGSEGV');
    keepCoreFile(profile.folder, 'main');
    expect(coreFilesIn(profile.folder)).toHaveLength(4);
    await journey.lookAtRemains('main crashed');
    await provider.stop();
  },
);
