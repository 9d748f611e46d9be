import type { ClipboardEvent } from 'react';
import { attachFiles, attachText, MAX_PASTED_LENGTH } from '../../lib/attachment-actions.ts';

/** Makes files of what is pasted where it is files, or a very long text. Anything else is left to the text field. */
export function takePaste(event: ClipboardEvent, conversationId: string | null): void {
  const { clipboardData } = event;
  const files = [...clipboardData.files];
  const text = clipboardData.getData('text/plain');
  // A word processor puts a picture of the text beside the text: then the text is meant.
  const isFormattedText = text !== '' && clipboardData.types.includes('text/html');
  if (files.length > 0 && !isFormattedText) {
    event.preventDefault();
    attachFiles(conversationId, files);
  } else if (text.length > MAX_PASTED_LENGTH) {
    event.preventDefault();
    attachText(conversationId, text);
  }
}
