import { create } from 'zustand';
import type { WireError } from '../../electron/contract/app-error.ts';
import type { ActionError } from './view-store.ts';

interface EditState {
  /** The message that is being edited; one at a time. */
  readonly messageId: string | null;
  /** It was opened from the composer, which then gets the focus back. */
  readonly isFromComposer: boolean;
  readonly text: string;
  /** Files of the message that are not to go along. */
  readonly removedIds: readonly string[];
  readonly isSending: boolean;
  readonly problem: { readonly error: WireError; readonly retry: ActionError['retry'] } | null;
  /** What was written and not sent, by message, until the window closes. */
  readonly kept: Readonly<Record<string, string>>;
}

/** The message that is being edited in place. */
export const useEdit = create<EditState>(() => ({
  messageId: null,
  isFromComposer: false,
  text: '',
  removedIds: [],
  isSending: false,
  problem: null,
  kept: {},
}));

/** Opens a message for editing. An edit that is open elsewhere is kept. */
export function openEdit(edit: Pick<EditState, 'messageId' | 'text' | 'isFromComposer'>): void {
  closeEdit();
  useEdit.setState(edit);
}

/** Changes what is written. */
export function writeEdit(text: string): void {
  useEdit.setState({ text });
}

/** Leaves a file of the message out of its new version. */
export function removeEditFile(id: string): void {
  useEdit.setState(({ removedIds }) => ({ removedIds: [...removedIds, id] }));
}

/** Closes the editor; what was written is kept unless it was sent. */
export function closeEdit({ isSent }: { readonly isSent: boolean } = { isSent: false }): void {
  useEdit.setState(({ messageId, text, kept }) => {
    const closed = {
      messageId: null,
      isFromComposer: false,
      text: '',
      removedIds: [],
      isSending: false,
      problem: null,
    };
    if (messageId === null) return closed;
    const { [messageId]: _former, ...others } = kept;
    return { ...closed, kept: isSent ? others : { ...others, [messageId]: text } };
  });
}
