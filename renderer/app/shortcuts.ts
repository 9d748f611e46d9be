import { tinykeys } from 'tinykeys';
import { runCommand } from './commands.ts';
import type { Command } from './commands.ts';

/** A key combination and what it does. */
export interface Shortcut {
  readonly command: Command;
  /** As tinykeys reads it: `$mod` is Cmd on a Mac and Ctrl elsewhere. */
  readonly keys: string;
  /** As it is shown. */
  readonly caps: string;
  readonly name: string;
  readonly group: 'Conversations' | 'Writing' | 'Window';
  /** Keys without a modifier must not be taken from a text field. */
  readonly isPlain?: true;
}

/** The one list of shortcuts: the window's keys and the dialog both come from it. */
export const shortcuts: readonly Shortcut[] = [
  { command: 'new-chat', keys: '$mod+n', caps: 'Mod+N', name: 'New chat', group: 'Conversations' },
  { command: 'search', keys: '$mod+k', caps: 'Mod+K', name: 'Search', group: 'Conversations' },
  {
    command: 'next-conversation',
    keys: 'Alt+ArrowDown',
    caps: 'Alt+ArrowDown',
    name: 'Next conversation',
    group: 'Conversations',
  },
  {
    command: 'previous-conversation',
    keys: 'Alt+ArrowUp',
    caps: 'Alt+ArrowUp',
    name: 'Previous conversation',
    group: 'Conversations',
  },
  {
    command: 'next-conversation',
    keys: 'Control+Tab',
    caps: 'Control+Tab',
    name: 'Next conversation',
    group: 'Conversations',
  },
  {
    command: 'previous-conversation',
    keys: 'Control+Shift+Tab',
    caps: 'Control+Shift+Tab',
    name: 'Previous conversation',
    group: 'Conversations',
  },
  { command: 'rename', keys: 'F2', caps: 'F2', name: 'Rename', group: 'Conversations' },
  {
    command: 'focus-composer',
    keys: '/',
    caps: '/',
    name: 'Write a message',
    group: 'Writing',
    isPlain: true,
  },
  { command: 'stop', keys: 'Escape', caps: 'Escape', name: 'Stop the answer', group: 'Writing' },
  {
    command: 'copy-last-answer',
    keys: '$mod+Shift+c',
    caps: 'Mod+Shift+C',
    name: 'Copy the last answer',
    group: 'Writing',
  },
  {
    command: 'previous-variant',
    keys: 'Alt+ArrowLeft',
    caps: 'Alt+ArrowLeft',
    name: 'Previous variant',
    group: 'Writing',
    isPlain: true,
  },
  {
    command: 'next-variant',
    keys: 'Alt+ArrowRight',
    caps: 'Alt+ArrowRight',
    name: 'Next variant',
    group: 'Writing',
    isPlain: true,
  },
  {
    command: 'conversation-settings',
    keys: '$mod+i',
    caps: 'Mod+I',
    name: 'Conversation settings',
    group: 'Writing',
  },
  { command: 'settings', keys: '$mod+,', caps: 'Mod+,', name: 'Settings', group: 'Window' },
  {
    command: 'toggle-sidebar',
    keys: '$mod+b',
    caps: 'Mod+B',
    name: 'Show or hide the sidebar',
    group: 'Window',
  },
  { command: 'shortcuts', keys: '$mod+/', caps: 'Mod+/', name: 'Keyboard shortcuts', group: 'Window' },
];

/** Listens for the shortcuts; returns the way to stop. */
export function listenToShortcuts(): () => void {
  const bindings = shortcuts.map((shortcut) => [
    shortcut.keys,
    (event: KeyboardEvent): void => {
      if (!isMeant(shortcut, event)) return;
      event.preventDefault();
      runCommand(shortcut.command);
    },
  ]);
  // tinykeys ignores text fields on its own; most of these are meant to work while writing.
  return tinykeys(window, Object.fromEntries(bindings), { ignore: (event) => event.isComposing });
}

function isMeant(shortcut: Shortcut, event: KeyboardEvent): boolean {
  if (
    event.defaultPrevented ||
    (event.repeat && shortcut.command !== 'next-conversation' && shortcut.command !== 'previous-conversation')
  )
    return false;
  const target = event.target instanceof HTMLElement ? event.target : null;
  // Esc in a dialog or a menu closes that, and stops nothing behind it.
  const isInPopup =
    target?.closest('[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"]') != null;
  if (isInPopup && (shortcut.command === 'stop' || shortcut.isPlain === true)) return false;
  if (shortcut.command === 'stop' && target?.getAttribute('aria-expanded') === 'true') return false;
  return shortcut.isPlain !== true || !isTextField(target);
}

function isTextField(target: HTMLElement | null): boolean {
  return target !== null && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
