import { join } from 'node:path';
import { BrowserWindow, session } from 'electron';
import type { ImageWindowHost, Logger } from '../../core/ports.ts';
import { serveApp } from '../protocol/serve-app.ts';
import { hardenedPreferences } from './hardened-preferences.ts';
import type { WindowContext } from './window-context.ts';

/** What the image window needs beyond the context. */
export interface ImageWindowDependencies extends WindowContext {
  readonly logger: Logger;
}

/**
 * The hidden window in which foreign pictures are decoded. Each one gets an in-memory partition and an origin of its own, so
 * that Chromium gives it a renderer process of its own: what a picture could do to a decoder happens there, without network,
 * keys, conversations or Node, and ends with it.
 */
export function createImageWindowHost(dependencies: ImageWindowDependencies): ImageWindowHost {
  let open: BrowserWindow | null = null;
  let count = 0;
  const listeners: (() => void)[] = [];
  return {
    open() {
      if (open !== null) return;
      count += 1;
      const window = makeImageWindow(dependencies, `image-${count}`);
      open = window;
      window.once('closed', () => {
        if (open === window) open = null;
        for (const listener of listeners) listener();
      });
    },
    onClosed: (listener) => void listeners.push(listener),
    close() {
      if (open === null) return;
      const processId = open.webContents.getOSProcessId();
      open.destroy();
      endProcess(processId);
    },
  };
}

function makeImageWindow(dependencies: ImageWindowDependencies, name: string): BrowserWindow {
  const { devServerOrigin, logger } = dependencies;
  const partition = session.fromPartition(name, { cache: false });
  if (devServerOrigin === null) serveApp(partition, 'image', dependencies.rendererFolder);
  const window = new BrowserWindow({
    // No parent: it would be closed with it, and what it is at work on was paid for.
    show: false,
    width: 200,
    height: 200,
    skipTaskbar: true,
    focusable: false,
    title: 'Latchkey pictures',
    webPreferences: {
      ...hardenedPreferences({
        preload: join(dependencies.preloadFolder, 'image.cjs'),
        hasDevTools: dependencies.hasDevTools,
        partition: name,
      }),
      // It is never seen, and works all the same.
      backgroundThrottling: false,
    },
  });
  dependencies.windows.add(window.webContents, 'image');
  window.removeMenu();
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    logger.warn('the picture page crashed', { reason, exitCode });
    if (!window.isDestroyed()) window.destroy();
  });
  window.webContents.once('destroyed', () => partition.protocol.unhandle('app'));
  window
    .loadURL(devServerOrigin === null ? 'app://image/' : `${devServerOrigin}/image.html`)
    .catch((error: unknown) => {
      if (window.isDestroyed()) return;
      logger.warn('the picture page did not load', { error });
      window.destroy();
    });
  return window;
}

/** A page that is busy with a picture would go on until it is done. */
function endProcess(processId: number): void {
  if (processId === 0) return;
  try {
    process.kill(processId, 'SIGKILL');
  } catch {
    // It was quicker.
  }
}
