import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { DocumentStore, Logger } from '../../core/ports.ts';
import { showContextMenu } from '../menu/context-menu.ts';
import { hardenedPreferences } from './hardened-preferences.ts';
import { MIN_WINDOW_SIZE, placeWindow } from './place-window.ts';
import { backgroundColor, type WindowContext } from './window-context.ts';

/** What the chat window needs beyond the context. */
export interface ChatWindowDependencies extends WindowContext {
  readonly stateFile: DocumentStore;
  readonly logger: Logger;
  /** The page crashed and has been loaded again. */
  readonly onRecovered: () => void;
}

/** The chat window: at most one, made again when it was closed. */
export interface ChatWindow {
  /** Shows the window, making it first when there is none. */
  show(): void;
  current(): BrowserWindow | null;
  /** Called whenever the window is gone. */
  onClosed(listener: () => void): void;
}

/** A page that dies more often than this within the time does not get better by loading it again. */
const MAX_RECOVERIES = 3;
const RECOVERY_WINDOW_MS = 60_000;

/** Builds the opener of the chat window. */
export function createChatWindow(dependencies: ChatWindowDependencies): ChatWindow {
  let window: BrowserWindow | null = null;
  const listeners: (() => void)[] = [];
  return {
    show() {
      if (window === null) {
        window = openChatWindow(dependencies);
        window.once('closed', () => {
          window = null;
          for (const listener of listeners) listener();
        });
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    current: () => window,
    onClosed: (listener) => void listeners.push(listener),
  };
}

function openChatWindow(dependencies: ChatWindowDependencies): BrowserWindow {
  const { isMaximized, ...bounds } = placeWindow(
    readState(dependencies.stateFile),
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MIN_WINDOW_SIZE,
    minHeight: MIN_WINDOW_SIZE,
    title: 'Latchkey',
    icon: dependencies.iconPath,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: backgroundColor(nativeTheme.shouldUseDarkColors),
    webPreferences: hardenedPreferences({
      preload: join(dependencies.preloadFolder, 'chat.cjs'),
      hasDevTools: dependencies.hasDevTools,
    }),
  });
  dependencies.windows.add(window.webContents, 'chat');
  window.once('ready-to-show', () => {
    if (isMaximized) window.maximize();
    window.show();
  });
  window.on('page-title-updated', (event) => event.preventDefault());
  window.on('close', () => saveState(window, dependencies));
  window.webContents.on('context-menu', (_event, target) => showContextMenu(window, target));
  recoverFromCrashes(window, dependencies);
  load(window, dependencies);
  return window;
}

function load(window: BrowserWindow, dependencies: ChatWindowDependencies): void {
  window.loadURL(dependencies.devServerOrigin ?? 'app://chat/').catch((error: unknown) => {
    dependencies.logger.error('the chat page did not load', { error });
  });
}

function readState(stateFile: DocumentStore): unknown {
  const content = stateFile.read();
  return content.kind === 'value' ? content.value : null;
}

function saveState(window: BrowserWindow, { stateFile, logger }: ChatWindowDependencies): void {
  try {
    stateFile.write({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  } catch (error) {
    // Where a window was is no reason to keep it from closing.
    logger.warn('the window state was not saved', { error });
  }
}

/** Main owns every reply, so a page that died can simply be loaded again. */
function recoverFromCrashes(window: BrowserWindow, dependencies: ChatWindowDependencies): void {
  let crashes: readonly number[] = [];
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    const now = Date.now();
    crashes = [...crashes.filter((time) => now - time < RECOVERY_WINDOW_MS), now];
    dependencies.logger.error('the chat page crashed', {
      reason: details.reason,
      exitCode: details.exitCode,
    });
    if (crashes.length > MAX_RECOVERIES) return;
    window.webContents.once('did-finish-load', dependencies.onRecovered);
    load(window, dependencies);
  });
}
