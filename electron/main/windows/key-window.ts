import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserWindow, nativeTheme, session, type Session } from 'electron';
import { PROXY_OWNER_ID } from '../../core/network/sealed-value.ts';
import type { KeyWindowHost, KeyWindowTask, Logger } from '../../core/ports.ts';
import { showContextMenu } from '../menu/context-menu.ts';
import { serveApp } from '../protocol/serve-app.ts';
import { hardenedPreferences } from './hardened-preferences.ts';
import { backgroundColor, type WindowContext } from './window-context.ts';

/** What the key window needs beyond the context. */
export interface KeyWindowDependencies extends WindowContext {
  readonly parent: () => BrowserWindow | null;
  readonly logger: Logger;
}

interface OpenKeyWindow {
  readonly window: BrowserWindow;
  readonly task: KeyWindowTask;
}

const SIZE = { width: 480, height: 620 } as const;

/**
 * The window a key is typed in. Each one gets an in-memory partition of its own and an origin of its own, which is what
 * makes Chromium give it a renderer process of its own; with the window the process ends.
 */
export function createKeyWindowHost(dependencies: KeyWindowDependencies): KeyWindowHost {
  let open: OpenKeyWindow | null = null;
  let count = 0;
  const listeners: (() => void)[] = [];
  return {
    async open(task) {
      if (open !== null && isSameTask(open.task, task)) {
        open.window.focus();
        return;
      }
      // One at a time: asking for another key replaces the form, it does not fill in the wrong one.
      open?.window.destroy();
      count += 1;
      // No `persist:` prefix: nothing of this session is ever written to disk.
      const partition = session.fromPartition(`key-${count}`, { cache: false });
      const window = makeKeyWindow(dependencies, partition, `key-${count}`);
      if (task.connectionId === PROXY_OWNER_ID) window.setTitle('Proxy login - Latchkey');
      open = { window, task };
      let processId = 0;
      window.webContents.on('did-finish-load', () => {
        processId = window.webContents.getOSProcessId();
        keepOutOfCoreDumps(processId);
      });
      window.once('closed', () => {
        if (open?.window === window) open = null;
        endProcess(processId);
        void forget(partition);
        for (const listener of listeners) listener();
      });
      await load(window, dependencies);
    },
    onClosed: (listener) => void listeners.push(listener),
    task: () => open?.task ?? null,
    close: () => open?.window.destroy(),
  };
}

function isSameTask(one: KeyWindowTask, other: KeyWindowTask): boolean {
  return one.connectionId === other.connectionId && one.keyId === other.keyId;
}

function makeKeyWindow(dependencies: KeyWindowDependencies, partition: Session, name: string): BrowserWindow {
  if (dependencies.devServerOrigin === null) serveApp(partition, 'key', dependencies.rendererFolder);
  const parent = dependencies.parent();
  const window = new BrowserWindow({
    ...(parent === null ? {} : { parent }),
    ...SIZE,
    resizable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    title: 'API key - Latchkey',
    icon: dependencies.iconPath,
    show: false,
    backgroundColor: backgroundColor(nativeTheme.shouldUseDarkColors),
    webPreferences: hardenedPreferences({
      preload: join(dependencies.preloadFolder, 'key.cjs'),
      hasDevTools: dependencies.hasDevTools,
      partition: name,
    }),
  });
  dependencies.windows.add(window.webContents, 'key');
  // Keeps the form out of screenshots and screen sharing, where the system can (macOS, Windows).
  window.setContentProtection(true);
  window.removeMenu();
  window.once('ready-to-show', () => window.show());
  window.on('page-title-updated', (event) => event.preventDefault());
  window.webContents.on('context-menu', (_event, target) => showContextMenu(window, target));
  window.webContents.on('render-process-gone', () => window.destroy());
  return window;
}

async function load(
  window: BrowserWindow,
  { devServerOrigin, logger }: KeyWindowDependencies,
): Promise<void> {
  try {
    await window.loadURL(devServerOrigin === null ? 'app://key/' : `${devServerOrigin}/key.html`);
  } catch (error) {
    // Closing it while it loads ends here too; then there is nothing left to do.
    logger.warn('the key page did not load', { error });
    if (!window.isDestroyed()) window.destroy();
  }
}

/** The filter is inherited from Chromium's zygote, which was forked before main could set its own. */
function keepOutOfCoreDumps(processId: number): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync(`/proc/${processId}/coredump_filter`, '0');
  } catch {
    // A sandboxed renderer is not dumpable, so its /proc files are not ours to write, and it leaves no core either.
  }
}

/** Chromium keeps a renderer for two seconds after its window, and with it what was typed there. */
function endProcess(processId: number): void {
  if (processId === 0) return;
  try {
    process.kill(processId, 'SIGKILL');
  } catch {
    // It was quicker.
  }
}

async function forget(partition: Session): Promise<void> {
  partition.protocol.unhandle('app');
  await partition.clearStorageData();
  await partition.clearCache();
}
