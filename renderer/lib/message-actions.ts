import type { Message, ShownMessage } from '../../electron/contract/model/conversation.ts';
import { settleGeneration, showStarted, showVariant } from './chat-actions.ts';
import type { Target } from './chat-actions.ts';
import { closeEdit, openEdit, useEdit } from './edit-store.ts';
import { request, toWireError } from './ipc-client.ts';
import { conversationQuery, conversationsQuery, queryClient, refreshConversation } from './queries.ts';
import { showConversation, showToast, useView } from './view-store.ts';
import type { Consent } from './view-store.ts';

/** How long the way back from a branch is offered. */
const WAY_BACK_MS = 10_000;
/** A message that is not drawn by then was not shown after all. */
const MAX_FRAMES = 20;

/** Opens a message of the user's for editing in place. */
export function editMessage({ id, text }: Message): void {
  openEdit({ messageId: id, text, isFromComposer: false });
}

/** Opens the last message of the user's. Says whether there is one. */
export function editLastMessage(conversationId: string): boolean {
  const last = shownMessages(conversationId).findLast(({ role }) => role === 'user');
  if (last === undefined) return false;
  openEdit({ messageId: last.id, text: last.text, isFromComposer: true });
  return true;
}

/** Closes the editor and gives the focus back. The text can be brought back. */
export function cancelEdit(messageId: string): void {
  const { isFromComposer } = useEdit.getState();
  closeEdit();
  if (isFromComposer) focusComposer();
  else focusIn(messageId, ['Edit']);
}

/** Sends the edited text as another version of its message. What is refused stays in the editor, with the reason. */
export async function sendEdit(message: Message, target: Target, consent: Consent = {}): Promise<void> {
  const { text, removedIds, isSending } = useEdit.getState();
  const hasFiles = message.attachments.some(({ id }) => !removedIds.includes(id));
  if ((text.trim() === '' && !hasFiles) || isSending) return;
  const { id: editedMessageId, conversationId } = message;
  useEdit.setState({ isSending: true, problem: null });
  try {
    const removedAttachmentIds = [...removedIds];
    const asked = { conversationId, ...target, text, editedMessageId, removedAttachmentIds, ...consent };
    const generation = await settleGeneration(conversationId);
    const started = await request('chat.send', asked);
    closeEdit({ isSent: true });
    focusComposer();
    await showStarted(started, generation);
  } catch (error) {
    const retry = (more?: Consent): void => void sendEdit(message, target, { ...consent, ...more });
    useEdit.setState({ isSending: false, problem: { error: toWireError(error), retry } });
  }
}

/** Shows the next (1) or previous (-1) variant: of the message that has the focus, or of the last one that has any. */
export async function stepVariant(step: 1 | -1): Promise<void> {
  const { conversationId } = useView.getState();
  if (conversationId === null) return;
  const messages = shownMessages(conversationId).filter(({ variantIds }) => variantIds.length > 1);
  const focusedId = document.activeElement?.closest<HTMLElement>('[data-message]')?.dataset['message'];
  const message = messages.find(({ id }) => id === focusedId) ?? messages.at(-1);
  if (message !== undefined) await showNeighbour(message, step);
}

/** Shows the variant beside a message and takes the focus along, if the message had it. */
export async function showNeighbour(message: ShownMessage, step: 1 | -1): Promise<void> {
  const targetId = message.variantIds[message.variantIds.indexOf(message.id) + step];
  if (targetId === undefined) return;
  const hadFocus = findMessage(message.id)?.contains(document.activeElement) ?? false;
  await showVariant(message, targetId);
  const names = ['Next variant', 'Previous variant'];
  if (hadFocus) focusIn(targetId, step === 1 ? names : names.toReversed());
}

/** Makes a conversation of the path up to a message, shows it, and offers the way back. */
export async function branchAt({ id: messageId, conversationId }: Message): Promise<void> {
  try {
    const branch = await request('conversations.branch', { messageId });
    await queryClient.invalidateQueries({ queryKey: conversationsQuery.queryKey });
    showConversation(branch.id);
    showToast({
      text: `Branched into “${branch.title}”`,
      undo: () => showConversation(conversationId),
      undoLabel: 'Go back',
      about: 'shown conversation',
      durationMs: WAY_BACK_MS,
    });
  } catch (error) {
    report(conversationId, error);
  }
}

/** How many messages deleting one would take along, itself included; null when it cannot be told. */
export async function countBelow({ id: messageId, conversationId }: Message): Promise<number | null> {
  try {
    return (await request('conversations.countBelow', { messageId })).count;
  } catch (error) {
    report(conversationId, error);
    return null;
  }
}

/** Deletes a message and what follows it, and offers the way back for as long as there is one. */
export async function removeMessage({ id: messageId, conversationId }: Message): Promise<void> {
  try {
    const { undoMs, count } = await request('conversations.removeMessage', { messageId });
    await refreshConversation(conversationId);
    void queryClient.invalidateQueries({ queryKey: ['search'] });
    // The button that had the focus goes with the message.
    inSomeFrame(() => {
      if (findMessage(messageId) !== null || document.activeElement !== document.body) return false;
      focusComposer();
      return true;
    });
    showToast({
      text: count === 1 ? 'Message deleted' : `${count} messages deleted`,
      undo: () => void restoreMessage(conversationId, messageId),
      durationMs: undoMs,
    });
  } catch (error) {
    report(conversationId, error);
  }
}

async function restoreMessage(conversationId: string, messageId: string): Promise<void> {
  try {
    const detail = await request('conversations.restoreMessage', { messageId });
    queryClient.setQueryData(conversationQuery(conversationId).queryKey, detail);
    void queryClient.invalidateQueries({ queryKey: ['search'] });
    if (useView.getState().conversationId !== conversationId) showConversation(conversationId);
  } catch (error) {
    report(conversationId, error);
  }
}

function shownMessages(conversationId: string): readonly ShownMessage[] {
  return queryClient.getQueryData(conversationQuery(conversationId).queryKey)?.messages ?? [];
}

function focusComposer(): void {
  document.querySelector<HTMLElement>('[aria-label="Message"]')?.focus();
}

/** Focuses the first of some buttons of a message that can be, once the message is drawn. */
function focusIn(messageId: string, names: readonly string[]): void {
  inSomeFrame(() => {
    const message = findMessage(messageId);
    const buttons = names.map((name) => message?.querySelector<HTMLButtonElement>(`[aria-label="${name}"]`));
    const target = buttons.find((button) => button?.disabled === false);
    target?.focus();
    return target !== undefined;
  });
}

function findMessage(messageId: string): Element | null {
  return document.querySelector(`[data-message="${CSS.escape(messageId)}"]`);
}

/** Tries once per frame until it has worked: what was changed is drawn soon, but nobody says when. */
function inSomeFrame(tryIt: () => boolean, framesLeft = MAX_FRAMES): void {
  requestAnimationFrame(() => {
    if (!tryIt() && framesLeft > 0) inSomeFrame(tryIt, framesLeft - 1);
  });
}

function report(conversationId: string, error: unknown): void {
  useView.setState({ actionError: { conversationId, error: toWireError(error), retry: null } });
}
