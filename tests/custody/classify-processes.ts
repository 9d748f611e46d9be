import type { RunningLatchkey } from '../e2e/fixtures.ts';
import { processTree } from './process-tree.ts';

/** The processes of a running Latchkey by the place they are. Main and the key window, which may know a key, are in none. */
export type ProcessesByPlace = Readonly<
  Record<'chat-memory' | 'gpu-memory' | 'utility-memory' | 'other-memory', readonly number[]>
>;

/**
 * Sorts every process of the app: what Chromium does not list (its zygotes, any child of main) is `other-memory`, so that
 * none is left out.
 */
export async function classifyProcesses(latchkey: RunningLatchkey): Promise<ProcessesByPlace> {
  const { listed, chat, key } = await latchkey.electron.evaluate(({ app, webContents }) => {
    const pages = webContents.getAllWebContents();
    const pidsOf = (origin: string) =>
      pages.filter((page) => page.getURL().startsWith(origin)).map((page) => page.getOSProcessId());
    return {
      listed: app.getAppMetrics().map(({ pid, type }) => ({ pid, type })),
      chat: pidsOf('app://chat/'),
      key: pidsOf('app://key/'),
    };
  });
  const ofType = (type: string) => listed.filter((each) => each.type === type).map(({ pid }) => pid);
  const [gpu, utility] = [ofType('GPU'), ofType('Utility')];
  const sorted = new Set([latchkey.pid, ...ofType('Browser'), ...chat, ...key, ...gpu, ...utility]);
  const all = processTree(latchkey.pid).map(({ pid }) => pid);
  return {
    'chat-memory': chat,
    'gpu-memory': gpu,
    'utility-memory': utility,
    'other-memory': all.filter((pid) => !sorted.has(pid)),
  };
}
