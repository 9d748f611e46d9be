import { startDisplay } from '../../scripts/run/display.mjs';
import { proves } from '../harness/proves.ts';
import { clickAndSeeClosed, expect, fillConnection, test, type RunningLatchkey } from './fixtures.ts';

const KEY = 'sk-test-0123456789-abcdefghij-4f2a';

const readClipboard = ({ electron }: RunningLatchkey) =>
  electron.evaluate(async ({ clipboard }) => await clipboard.readText());

for (const [what, meanwhile, isAllowed, after] of [
  ['leaves the clipboard once it is saved', null, true, ''],
  ['stays there when the person says so', null, false, `${KEY}\n`],
  ['is no reason to clear what was copied since', 'a recipe', true, 'a recipe'],
] as const) {
  test(`a pasted key ${what}`, proves('nowhere-else'), async ({ profile, server }) => {
    // A clipboard belongs to a display, and other tests have the usual one.
    const display = await startDisplay({ reuse: false });
    const latchkey = await profile.launch({ env: { ...display.env } });
    const write = (value: string) =>
      latchkey.electron.evaluate(({ clipboard }, text) => clipboard.writeText(text), value);
    await write(`${KEY}\n`);
    const opener = latchkey.chat.getByRole('button', { name: 'Add API key' });
    const keyWindow = await latchkey.openKeyWindow(() => opener.click());
    await fillConnection(keyWindow, { baseUrl: `${server.url}/v1` });
    await keyWindow.getByRole('button', { name: 'Paste from clipboard' }).click();
    const box = keyWindow.getByRole('checkbox', { name: 'Clear the clipboard after saving' });
    await expect(box).toBeChecked();
    if (!isAllowed) await box.uncheck();
    if (meanwhile !== null) await write(meanwhile);
    await clickAndSeeClosed(keyWindow, 'Save key');
    await expect(latchkey.chat.getByRole('group', { name: 'Key' })).toContainText('4f2a');
    await expect.poll(() => readClipboard(latchkey)).toBe(after);

    // The answer is there again the next time, and saving it is the last thing that happens to the clipboard.
    const again = await latchkey.openKeyWindow(async () => {
      await latchkey.chat.keyboard.press('Control+,');
      await latchkey.chat.getByRole('button', { name: 'Replace' }).click();
    });
    await write(`${KEY}\n`);
    await again.getByRole('button', { name: 'Paste from clipboard' }).click();
    await expect(again.getByRole('checkbox')).toBeChecked({ checked: isAllowed });
    expect(await readClipboard(latchkey)).toBe(`${KEY}\n`);
    await latchkey.quit();
    await display.stop();
  });
}
