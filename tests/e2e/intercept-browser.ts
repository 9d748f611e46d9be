import type { ElectronApplication } from '@playwright/test';

interface Intercepted {
  latchkeyOpened?: string[];
}

/** From now on no browser opens; main notes the addresses instead. Returns the way to read them. */
export async function interceptBrowser(electron: ElectronApplication): Promise<() => Promise<string[]>> {
  await electron.evaluate(({ shell }) => {
    const opened: string[] = [];
    (globalThis as Intercepted).latchkeyOpened = opened;
    shell.openExternal = (url) => {
      opened.push(url);
      return Promise.resolve();
    };
  });
  return () => electron.evaluate(() => (globalThis as Intercepted).latchkeyOpened ?? []);
}
