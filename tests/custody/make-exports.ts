import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { LatchkeyProfile, RunningLatchkey } from '../e2e/fixtures.ts';

/**
 * Exports all conversations in both forms, by the route that the buttons of the settings call, and hands over the folder with the
 * two exports. It is removed afterwards, and the window is not told: what is looked at elsewhere stays as it was.
 */
export async function withExports<T>(
  latchkey: RunningLatchkey,
  profile: LatchkeyProfile,
  read: (folder: string) => T,
): Promise<T> {
  const folder = path.join(profile.folder, 'exports');
  mkdirSync(folder);
  try {
    const targets = { json: path.join(folder, 'all.json'), markdown: path.join(folder, 'notes') };
    const outcomes = await latchkey.electron.evaluate(exportAll, targets);
    if (outcomes.some((outcome) => outcome !== 'done'))
      throw new Error(`the exports ended as ${outcomes.join(', ')}`);
    return read(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs in main. */
async function exportAll(
  { BrowserWindow, dialog }: typeof Electron.CrossProcessExports,
  targets: Readonly<Record<'json' | 'markdown', string>>,
): Promise<string[]> {
  const chat = BrowserWindow.getAllWindows().find((each) =>
    each.webContents.getURL().startsWith('app://chat/'),
  )?.webContents;
  if (chat === undefined) throw new Error('no chat window');
  const ask = dialog.showSaveDialog;
  const send = chat.send.bind(chat);
  chat.send = (channel: string, ...values: unknown[]) => {
    if (!JSON.stringify(values).includes('"transfer.changed"')) send(channel, ...values);
  };
  const outcomes: string[] = [];
  try {
    for (const [form, filePath] of Object.entries(targets)) {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
      const outcome: unknown = await chat.executeJavaScript(`(async () => {
        const started = await latchkey.request('transfer.export', { form: '${form}', conversationId: null });
        if (!started.ok) return started.error.code;
        for (;;) {
          const { value } = await latchkey.request('transfer.status', {});
          if (value.kind === 'ended') return value.outcome.kind;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })()`);
      outcomes.push(String(outcome));
    }
    await chat.executeJavaScript(`latchkey.request('transfer.dismiss', {})`);
    return outcomes;
  } finally {
    dialog.showSaveDialog = ask;
    chat.send = send;
  }
}
