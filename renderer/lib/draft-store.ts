import { create } from 'zustand';
import { request } from './ipc-client.ts';

const SAVE_DELAY_MS = 300;

interface DraftState {
  /** Drafts by conversation id; `new` is the new chat. Absent until read from main. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What is typed and not sent, kept in main so that closing the window loses nothing. */
export const useDrafts = create<DraftState>(() => ({ texts: {} }));

const pending = new Map<string, ReturnType<typeof setTimeout>>();

function keyOf(conversationId: string | null): string {
  return conversationId ?? 'new';
}

/** The draft of a conversation, or null while it is being read. */
export function useDraft(conversationId: string | null): string | null {
  return useDrafts((state) => state.texts[keyOf(conversationId)] ?? null);
}

/** The draft of a conversation now, '' when none is known. */
export function draftOf(conversationId: string | null): string {
  return useDrafts.getState().texts[keyOf(conversationId)] ?? '';
}

/** Reads the draft from main once; what was typed meanwhile wins. */
export async function loadDraft(conversationId: string | null): Promise<void> {
  const key = keyOf(conversationId);
  if (useDrafts.getState().texts[key] !== undefined) return;
  const { text } = await request('drafts.get', { conversationId }).catch(() => ({ text: '' }));
  if (useDrafts.getState().texts[key] === undefined) put(key, text);
}

/** Changes the draft and saves it soon. */
export function writeDraft(conversationId: string | null, text: string): void {
  const key = keyOf(conversationId);
  put(key, text);
  clearTimeout(pending.get(key));
  pending.set(
    key,
    setTimeout(() => flushDraft(conversationId), SAVE_DELAY_MS),
  );
}

/** Saves what is waiting to be saved, at once: on blur, before another conversation, when the window hides. */
export function flushDraft(conversationId: string | null): void {
  const key = keyOf(conversationId);
  const timer = pending.get(key);
  if (timer === undefined) return;
  clearTimeout(timer);
  pending.delete(key);
  // A draft that cannot be saved is still on the screen; the blocked state or a notice says why.
  request('drafts.save', { conversationId, text: draftOf(conversationId) }).catch(() => undefined);
}

function put(key: string, text: string): void {
  useDrafts.setState((state) => ({ texts: { ...state.texts, [key]: text } }));
}
