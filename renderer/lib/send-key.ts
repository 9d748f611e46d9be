import type { KeyboardEvent } from 'react';
import type { Settings } from '../../electron/contract/model/settings.ts';

type SendKey = Settings['sendKey'];

/** Whether a key press sends what is written, by the setting. */
export function isSendKey(event: KeyboardEvent, sendKey: SendKey): boolean {
  if (event.key !== 'Enter' || isComposing(event)) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return sendKey === 'enter' && !event.shiftKey && !event.altKey;
}

/** How to send, in words. */
export function sendKeyHint(sendKey: SendKey): string {
  return sendKey === 'enter' ? 'Enter sends' : 'Ctrl+Enter sends';
}

/** Whether a key belongs to an input-method composition, the Enter that ends it included (229: Chromium's late report). */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}
