import type { ElectronApplication } from '@playwright/test';

interface Tap {
  latchkeyTranscript?: string[];
}

/** From now on main keeps a copy of everything that crosses IPC to or from the chat window, also after its page crashed. */
export async function tapChatWindow(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(({ BrowserWindow, ipcMain }) => {
    const transcript: string[] = [];
    (globalThis as Tap).latchkeyTranscript = transcript;
    const chat = BrowserWindow.getAllWindows()[0]?.webContents;
    if (chat === undefined) throw new Error('no chat window');
    const send = chat.send.bind(chat);
    chat.send = (channel: string, ...values: unknown[]) => {
      transcript.push(JSON.stringify(values));
      send(channel, ...values);
    };
    type Handler = (event: Electron.IpcMainInvokeEvent, ...values: unknown[]) => Promise<unknown>;
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
    for (const [channel, handler] of handlers) {
      handlers.set(channel, async (event, ...values) => {
        const answer = await handler(event, ...values);
        if (event.sender.id === chat.id) transcript.push(JSON.stringify([values, answer]));
        return answer;
      });
    }
  });
}

/** The copies so far. */
export function readTranscript(electron: ElectronApplication): Promise<readonly string[]> {
  return electron.evaluate(() => (globalThis as Tap).latchkeyTranscript ?? []);
}

/** Everything the chat window's page shows or keeps: markup, what stands in its fields, title, storage. */
export function readChatPage(electron: ElectronApplication): Promise<string> {
  return electron.evaluate(async ({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find((each) =>
      each.webContents.getURL().startsWith('app://chat/'),
    );
    if (window === undefined) throw new Error('no chat window');
    const page = (await window.webContents.executeJavaScript(`JSON.stringify([
      document.documentElement.outerHTML,
      [...document.querySelectorAll('input, textarea')].map((field) => field.value),
      document.title,
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      performance.getEntries().map((entry) => entry.name),
    ])`)) as string;
    return `${window.getTitle()}\n${page}`;
  });
}
