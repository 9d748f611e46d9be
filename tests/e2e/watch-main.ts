import type { ElectronApplication } from '@playwright/test';

interface Watch {
  latchkeySockets?: string[];
  latchkeyPages?: WatchedPage[];
}

/** One webContents, as main reports it. */
export interface WatchedPage {
  readonly url: string;
  readonly preferences: Readonly<Record<string, unknown>>;
}

/** What main noted while it ran. */
export interface MainNotes {
  /** Remote addresses of Node's sockets. Chromium's are in its network log. */
  readonly sockets: readonly string[];
  /** Every webContents there ever was: a test knows only of the windows it opened. */
  readonly pages: readonly WatchedPage[];
}

/** From now on main notes every socket Node opens and every webContents that is made. */
export async function watchMain(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(({ app, webContents }) => {
    const sockets: string[] = [];
    const pages: WatchedPage[] = [];
    Object.assign(globalThis, { latchkeySockets: sockets, latchkeyPages: pages });
    const note = (contents: Electron.WebContents): void => {
      // Electron has it on every webContents, but types it for windows only.
      const { getLastWebPreferences } = contents as unknown as {
        getLastWebPreferences(): WatchedPage['preferences'];
      };
      pages.push({ url: contents.getURL(), preferences: getLastWebPreferences.call(contents) });
    };
    webContents.getAllWebContents().forEach(note);
    app.on('web-contents-created', (_event, contents) => contents.once('dom-ready', () => note(contents)));
    process.getBuiltinModule('node:diagnostics_channel').subscribe('net.client.socket', (message) => {
      const { socket } = message as { socket: import('node:net').Socket };
      socket.once('lookup', (_error: unknown, address: string) => sockets.push(address));
      socket.once('connect', () => sockets.push(socket.remoteAddress ?? 'unix'));
    });
  });
}

/** The notes so far; none of an app that has ended by itself. */
export async function readMainNotes(electron: ElectronApplication): Promise<MainNotes> {
  if (electron.process().exitCode !== null) return { sockets: [], pages: [] };
  return electron.evaluate(() => {
    const { latchkeySockets = [], latchkeyPages = [] } = globalThis as Watch;
    return { sockets: latchkeySockets, pages: latchkeyPages };
  });
}
