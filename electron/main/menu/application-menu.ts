import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { EventPayload } from '../../contract/contract.ts';

/** Something the chat window does when a menu item is chosen. */
export type MenuCommand = EventPayload<'menu.chosen'>['command'];

/** What the menu needs. */
export interface ApplicationMenuOptions {
  readonly platform: NodeJS.Platform;
  readonly isDevelopment: boolean;
  readonly choose: (command: MenuCommand) => void;
}

/** Installs the menu bar. */
export function installApplicationMenu(options: ApplicationMenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate([...applicationMenuTemplate(options)]));
}

/** The menu bar. Edit is there from day one: on macOS no clipboard shortcut works without it. */
export function applicationMenuTemplate(
  options: ApplicationMenuOptions,
): readonly MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin';
  return [
    ...(isMac ? [macApplicationMenu(options)] : []),
    fileMenu(options, isMac),
    { role: 'editMenu' },
    viewMenu(options),
    { role: 'windowMenu' },
    helpMenu(options, isMac),
  ];
}

function command(
  { choose }: ApplicationMenuOptions,
  name: MenuCommand,
  shown: { readonly label: string; readonly accelerator?: string },
): MenuItemConstructorOptions {
  // The page handles these keys itself; the menu only shows them. Otherwise one press would act twice.
  return { id: name, ...shown, registerAccelerator: false, click: () => choose(name) };
}

function macApplicationMenu(options: ApplicationMenuOptions): MenuItemConstructorOptions {
  return {
    label: 'Latchkey',
    submenu: [
      command(options, 'about', { label: 'About Latchkey' }),
      { type: 'separator' },
      command(options, 'settings', { label: 'Settings…', accelerator: 'Cmd+,' }),
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}

function fileMenu(options: ApplicationMenuOptions, isMac: boolean): MenuItemConstructorOptions {
  const ends: MenuItemConstructorOptions[] = isMac
    ? [{ role: 'close' }]
    : [
        command(options, 'settings', { label: 'Settings…', accelerator: 'Ctrl+,' }),
        { type: 'separator' },
        { role: 'quit' },
      ];
  return {
    label: '&File',
    submenu: [
      command(options, 'new-chat', { label: 'New Chat', accelerator: 'CmdOrCtrl+N' }),
      { type: 'separator' },
      ...ends,
    ],
  };
}

function viewMenu(options: ApplicationMenuOptions): MenuItemConstructorOptions {
  return {
    label: '&View',
    submenu: [
      command(options, 'toggle-sidebar', { label: 'Toggle Sidebar', accelerator: 'CmdOrCtrl+B' }),
      command(options, 'search', { label: 'Search', accelerator: 'CmdOrCtrl+K' }),
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      ...(options.isDevelopment ? developmentItems() : []),
    ],
  };
}

function developmentItems(): MenuItemConstructorOptions[] {
  return [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
}

function helpMenu(options: ApplicationMenuOptions, isMac: boolean): MenuItemConstructorOptions {
  return {
    role: 'help',
    submenu: [
      command(options, 'shortcuts', { label: 'Keyboard Shortcuts', accelerator: 'CmdOrCtrl+/' }),
      ...(isMac ? [] : [command(options, 'about', { label: 'About Latchkey' })]),
    ],
  };
}
