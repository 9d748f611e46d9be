import { useQuery } from '@tanstack/react-query';
import { create } from 'zustand';
import type { WireError } from '../../electron/contract/app-error.ts';
import type { Generation } from '../../electron/contract/model/generation.ts';
import { request, toWireError } from './ipc-client.ts';
import { defaultPreset, useDefaultPreset } from './default-preset.ts';
import { PLAIN_GENERATION } from './plain-generation.ts';
import { conversationQuery, queryClient } from './queries.ts';
import { showToast, useView } from './view-store.ts';

const SAVE_DELAY_MS = 400;
const UNDO_MS = 8_000;

interface GenerationEdits {
  /** What is not saved yet, by conversation id. The new chat's is in the view's `newChat`. */
  readonly edits: Readonly<Record<string, Generation>>;
  /** Why it could not be saved; what was typed stays. `new` is the new chat. */
  readonly errors: Readonly<Record<string, WireError>>;
}

const useEdits = create<GenerationEdits>(() => ({ edits: {}, errors: {} }));
const pending = new Map<string, ReturnType<typeof setTimeout>>();

function keyOf(conversationId: string | null): string {
  return conversationId ?? 'new';
}

/** How the answers of a conversation, or of the new chat (null), are made; null while that is being read. */
export function useGeneration(conversationId: string | null): Generation | null {
  const edit = useEdits((state) => (conversationId === null ? undefined : state.edits[conversationId]));
  const query = useQuery({ ...conversationQuery(conversationId ?? ''), enabled: conversationId !== null });
  const chosen = useView((state) => state.newChat.generation);
  const preset = useDefaultPreset();
  if (conversationId === null) return chosen ?? preset?.generation ?? PLAIN_GENERATION;
  return edit ?? query.data?.generation ?? null;
}

/** The system prompt as main keeps it: what could not be saved is no part of it. */
export function useSavedSystemPrompt(conversationId: string | null): string {
  const query = useQuery({ ...conversationQuery(conversationId ?? ''), enabled: conversationId !== null });
  const next = useGeneration(null);
  const hasFailed = useGenerationError(null) !== null;
  if (conversationId !== null) return query.data?.generation.systemPrompt ?? '';
  return hasFailed ? '' : (next?.systemPrompt ?? '');
}

/** Why the last change could not be saved, or null. */
export function useGenerationError(conversationId: string | null): WireError | null {
  return useEdits((state) => state.errors[keyOf(conversationId)] ?? null);
}

/** The same as {@link useGeneration}, now. */
export function generationOf(conversationId: string | null): Generation {
  if (conversationId === null)
    return useView.getState().newChat.generation ?? defaultPreset()?.generation ?? PLAIN_GENERATION;
  const detail = queryClient.getQueryData(conversationQuery(conversationId).queryKey);
  return useEdits.getState().edits[conversationId] ?? detail?.generation ?? PLAIN_GENERATION;
}

/** Changes how answers are made from now on, and saves it: soon while somebody types, otherwise at once. */
export function changeGeneration(
  conversationId: string | null,
  change: Partial<Generation>,
  when: 'now' | 'soon' = 'now',
): void {
  const generation = { ...generationOf(conversationId), ...change };
  if (conversationId === null) {
    useView.setState(({ newChat }) => ({ newChat: { ...newChat, generation } }));
  } else {
    useEdits.setState(({ edits }) => ({ edits: { ...edits, [conversationId]: generation } }));
  }
  saveSoon(conversationId, when === 'soon' ? SAVE_DELAY_MS : 0);
}

/** Saves what was picked for the new chat. */
export function saveNewChat(): void {
  saveSoon(null, 0);
}

/** Saves what waits to be saved; false when that failed. Called before anything is asked with it. */
export async function flushGeneration(conversationId: string | null): Promise<boolean> {
  const key = keyOf(conversationId);
  const timer = pending.get(key);
  const hasFailed = useEdits.getState().errors[key] !== undefined;
  if (timer === undefined && !hasFailed) return true;
  clearTimeout(timer);
  return save(conversationId);
}

/** The error that {@link flushGeneration} met. */
export function generationErrorOf(conversationId: string | null): WireError | null {
  return useEdits.getState().errors[keyOf(conversationId)] ?? null;
}

/** Reads what was picked for the new chat; what was picked meanwhile wins. */
export async function loadNewChat(): Promise<void> {
  const before = useView.getState().newChat;
  // Without it the defaults hold; a history that cannot be read says so itself.
  const choice = await request('newChat.get', {}).catch(() => null);
  if (choice !== null && useView.getState().newChat === before) useView.setState({ newChat: choice });
}

/** The new chat has become a conversation: the next one begins with the defaults. */
export function forgetNewChat(): void {
  const hasDefault = defaultPreset() !== null;
  useView.setState(({ newChat }) => ({
    // Without a default preset the next one goes where this one went, for as long as the window is open.
    newChat: hasDefault
      ? { connectionId: null, keyId: null, model: null, generation: null }
      : { ...newChat, generation: null },
  }));
  clearTimeout(pending.get('new'));
  pending.delete('new');
  useEdits.setState(({ errors }) => ({ errors: without(errors, 'new') }));
  // Not forgotten is seen at the next start, in the settings of the new chat.
  request('newChat.save', { choice: null }).catch(() => undefined);
}

/** Opens the settings of the shown conversation. */
export function openChatSettings(): void {
  const { conversationId } = useView.getState();
  useView.setState({ chatSettings: { former: generationOf(conversationId) } });
}

/** Closes them, saves, and offers the way back where a system prompt was changed. */
export function closeChatSettings(): void {
  const { chatSettings, conversationId } = useView.getState();
  if (chatSettings === null) return;
  useView.setState({ chatSettings: null });
  void flushGeneration(conversationId);
  const { former } = chatSettings;
  const { systemPrompt } = generationOf(conversationId);
  if (former.systemPrompt === '' || former.systemPrompt === systemPrompt) return;
  offerUndo(systemPrompt === '' ? 'System prompt removed' : 'System prompt changed', () =>
    changeGeneration(conversationId, { systemPrompt: former.systemPrompt }),
  );
}

/** What was changed in the open settings so far has a way back of its own: closing them offers none. */
export function settleChatSettings(): void {
  const { chatSettings, conversationId } = useView.getState();
  if (chatSettings !== null) useView.setState({ chatSettings: { former: generationOf(conversationId) } });
}

/** Says what was done, with the way back. */
export function offerUndo(text: string, undo: () => void): void {
  showToast({ text, undo, durationMs: UNDO_MS });
}

function saveSoon(conversationId: string | null, delayMs: number): void {
  const key = keyOf(conversationId);
  clearTimeout(pending.get(key));
  pending.set(
    key,
    setTimeout(() => void save(conversationId), delayMs),
  );
}

async function save(conversationId: string | null): Promise<boolean> {
  const key = keyOf(conversationId);
  pending.delete(key);
  try {
    if (conversationId === null) await request('newChat.save', { choice: useView.getState().newChat });
    else await saveEdit(conversationId);
    useEdits.setState(({ errors }) => ({ errors: without(errors, key) }));
    return true;
  } catch (error) {
    useEdits.setState(({ errors }) => ({ errors: { ...errors, [key]: toWireError(error) } }));
    return false;
  }
}

async function saveEdit(id: string): Promise<void> {
  const edit = useEdits.getState().edits[id];
  if (edit === undefined) return;
  const generation = await request('conversations.setGeneration', { id, generation: edit });
  queryClient.setQueryData(conversationQuery(id).queryKey, (detail) => detail && { ...detail, generation });
  // Typing may have gone on meanwhile.
  useEdits.setState(({ edits }) => (edits[id] === edit ? { edits: without(edits, id) } : {}));
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([each]) => each !== key));
}
