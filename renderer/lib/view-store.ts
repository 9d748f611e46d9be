import { create } from 'zustand';
import type { WireError } from '../../electron/contract/app-error.ts';
import type { Generation } from '../../electron/contract/model/generation.ts';
import type { NewChat } from '../../electron/contract/model/preset.ts';

/** The tabs of the settings dialog. */
export type SettingsTab =
  'keys' | 'models' | 'prompts' | 'usage' | 'appearance' | 'network' | 'automation' | 'privacy' | 'about';

/** What is open above the conversation. */
export type OpenDialog =
  | { readonly kind: 'settings'; readonly tab: SettingsTab }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'leaked-key'; readonly connectionId: string; readonly keyId: string };

/** A short message at the bottom of the window. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly undo: (() => void) | null;
  /** What the way back is called; "Undo" unless told. */
  readonly undoLabel?: string;
  /** What the way back depends on: see {@link hideToastAbout}. */
  readonly about?: string;
  readonly durationMs: number;
}

/** What a person says yes to by a button, for one request. */
export interface Consent {
  readonly isKeyIntended?: boolean;
  readonly isOverBudgetAllowed?: boolean;
  readonly isCostAccepted?: boolean;
  readonly isOmissionAccepted?: boolean;
}

/** An error of an action, shown above the composer until the next one or until it is dismissed. */
export interface ActionError {
  readonly conversationId: string | null;
  readonly error: WireError;
  /** Tries again; what was said yes to before still holds. */
  readonly retry: ((consent?: Consent) => void) | null;
}

/** What narrows a search besides its text. */
export interface SearchFilter {
  readonly role: 'user' | 'assistant' | null;
  readonly model: string | null;
  readonly days: number | null;
  /** Only the conversation that is shown. */
  readonly isHere: boolean;
}

/** A message to scroll to, and the words in it to mark. */
export interface Jump {
  readonly messageId: string;
  readonly words: readonly string[];
}

interface ViewState {
  /** `null` is the new chat. */
  readonly conversationId: string | null;
  readonly search: string;
  readonly searchFilter: SearchFilter;
  /** Waits until its message is on the screen. */
  readonly jump: Jump | null;
  /** The answer this window has just asked for: waits until the transcript has gone to it. */
  readonly startedId: string | null;
  /** The answer that takes over the focus from a button that went with the former one, until it has ended. */
  readonly focusedReplyId: string | null;
  readonly dialog: OpenDialog | null;
  readonly toast: Toast | null;
  readonly actionError: ActionError | null;
  /** Picked for a chat that does not exist yet; main keeps it, too. */
  readonly newChat: NewChat;
  /** The settings of the shown conversation are open; `former` is what they were before. */
  readonly chatSettings: { readonly former: Generation } | null;
  readonly renamingId: string | null;
  /** Messages on their way to main: Send is busy until they are stored. */
  readonly isSending: boolean;
}

/** View state only: what main does not know and need not keep. */
export const useView = create<ViewState>(() => ({
  conversationId: null,
  search: '',
  searchFilter: { role: null, model: null, days: null, isHere: false },
  jump: null,
  startedId: null,
  focusedReplyId: null,
  dialog: null,
  toast: null,
  actionError: null,
  newChat: { connectionId: null, keyId: null, model: null, generation: null },
  chatSettings: null,
  renamingId: null,
  isSending: false,
}));

/** Shows a conversation, or the new chat for `null`. */
export function showConversation(conversationId: string | null): void {
  hideToastAbout('shown conversation');
  useView.setState({
    conversationId,
    renamingId: null,
    actionError: null,
    jump: null,
    startedId: null,
    focusedReplyId: null,
    chatSettings: null,
  });
}

/** Opens a dialog, or closes it for `null`. */
export function showDialog(dialog: OpenDialog | null): void {
  useView.setState({ dialog });
}

let lastToastId = 0;

/** Shows a short message, with a way back where there is one. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  lastToastId += 1;
  useView.setState({ toast: { ...toast, id: lastToastId } });
}

/** Takes the toast away once its way back leads nowhere any more. */
export function hideToastAbout(about: string): void {
  if (useView.getState().toast?.about === about) useView.setState({ toast: null });
}

/** Takes the toast away if it is still the same one. */
export function hideToast(id: number): void {
  if (useView.getState().toast?.id === id) useView.setState({ toast: null });
}
