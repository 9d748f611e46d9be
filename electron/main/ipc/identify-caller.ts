import type { IpcMainInvokeEvent } from 'electron';
import type { WindowKind } from '../../contract/define-route.ts';
import type { Caller } from '../../core/ipc/router.ts';
import type { WindowRegistry } from '../windows/window-registry.ts';

/** The one origin each kind of window has. */
export const WINDOW_ORIGINS: Readonly<Record<WindowKind, string>> = {
  chat: 'app://chat',
  key: 'app://key',
  image: 'app://image',
};

/**
 * Who sent a request, or null when it is not the top frame of a window of ours on its own origin. The kind is what
 * main remembered when it made the window; nothing in the message is asked.
 */
export function identifyCaller(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  windows: WindowRegistry,
  devServerOrigin: string | null,
): Caller | null {
  const { sender, senderFrame } = event;
  if (!senderFrame || senderFrame.parent !== null || senderFrame !== sender.mainFrame) return null;
  const kind = windows.kindOf(sender);
  if (kind === null) return null;
  // `new URL('app://chat').origin` is 'null' in Node: only Chromium's own answer is compared.
  const isOwnOrigin =
    senderFrame.origin === WINDOW_ORIGINS[kind] ||
    (devServerOrigin !== null && senderFrame.origin === devServerOrigin);
  return isOwnOrigin ? { kind, id: sender.id } : null;
}
