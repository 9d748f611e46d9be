import type { KeyboardEvent } from 'react';
import type { Settings } from '../../electron/contract/model/settings.ts';

type SendKey = Settings['sendKey'];

/** Whether a key press sends what is written, by the setting. */
export function isSendKey(event: KeyboardEvent, sendKey: SendKey): boolean {
  // Enter that ends an input-method composition belongs to the composition (229: Safari's and Chromium's late report).
  if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.keyCode === 229) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return sendKey === 'enter' && !event.shiftKey && !event.altKey;
}

/** How to send, in words. */
export function sendKeyHint(sendKey: SendKey): string {
  return sendKey === 'enter' ? 'Enter sends' : 'Ctrl+Enter sends';
}
