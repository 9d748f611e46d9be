import type { RouteOutput } from '../../electron/contract/contract.ts';
import type { Message, ShownMessage } from '../../electron/contract/model/conversation.ts';
import type { Generation } from '../../electron/contract/model/generation.ts';
import { endDraftFiles } from './attachment-actions.ts';
import { draftFilesOf } from './attachment-store.ts';
import { draftOf, flushDraft, writeDraft } from './draft-store.ts';
import { request, RequestError, toWireError } from './ipc-client.ts';
import { flushGeneration, forgetNewChat, generationErrorOf, generationOf } from './generation-store.ts';
import {
  conversationQuery,
  conversationsQuery,
  presetsQuery,
  queryClient,
  refreshConversation,
} from './queries.ts';
import { streams } from './stream-store.ts';
import { useView } from './view-store.ts';
import type { Consent } from './view-store.ts';

/** Where a request goes. */
export interface Target {
  readonly connectionId: string;
  /** null: the one the connection uses. */
  readonly keyId: string | null;
  readonly model: string;
}

type Started = RouteOutput<'chat.send'>;

/** Sends the draft. On failure the text is back in the composer, and an error says why. */
export async function sendDraft(
  conversationId: string | null,
  target: Target,
  consent: Consent = {},
): Promise<void> {
  const text = draftOf(conversationId);
  const attachmentIds = draftFilesOf(conversationId).files.map(({ id }) => id);
  if ((text.trim() === '' && attachmentIds.length === 0) || useView.getState().isSending) return;
  useView.setState({ isSending: true, actionError: null });
  try {
    const generation = await settleGeneration(conversationId);
    const started = await request('chat.send', {
      conversationId,
      ...target,
      text,
      attachmentIds,
      ...(conversationId === null ? { generation } : {}),
      ...consent,
    });
    if (conversationId === null) forgetNewChat();
    endDraftFiles(conversationId, attachmentIds);
    // Only what was sent leaves the composer: typing may have gone on meanwhile.
    const now = draftOf(conversationId);
    writeDraft(conversationId, now.startsWith(text) ? now.slice(text.length) : now);
    flushDraft(conversationId);
    await showStarted(started, generation);
  } catch (error) {
    const retry = (more?: Consent) => void sendDraft(conversationId, target, { ...consent, ...more });
    useView.setState({ actionError: { conversationId, error: toWireError(error), retry } });
  } finally {
    useView.setState({ isSending: false });
  }
}

/** Asks again for an answer; the old one stays as a variant. */
export function regenerate(message: Message, target: Target, consent: Consent = {}): void {
  const asked = { messageId: message.id, ...target };
  const ask = (more: Consent) => request('chat.regenerate', { ...asked, ...more });
  void start(message, ask, consent);
}

/** Lets a stopped or interrupted answer go on where it ended. */
export function continueReply(message: Message, target: Target): void {
  const asked = { messageId: message.id, ...target };
  void start(message, (consent) => request('chat.continue', { ...asked, ...consent }));
}

/** Asks again at once instead of at the time that was announced. */
export function retryNow(message: Message): void {
  const streamId = streams.streamIdOf(message.id);
  if (streamId === null) return;
  request('chat.retryNow', { streamId }).catch(() => refreshConversation(message.conversationId));
}

/** Stops the reply that is arriving in a conversation. What has arrived is kept. */
export function stopReply(conversationId: string): void {
  const detail = queryClient.getQueryData(conversationQuery(conversationId).queryKey);
  const streamId = detail?.messages
    .map((message) => streams.streamIdOf(message.id))
    .find((id) => id !== null);
  if (streamId !== undefined && streamId !== null) {
    request('chat.cancel', { streamId }).catch(() => refreshConversation(conversationId));
  }
}

/** Shows another variant of a message. */
export async function showVariant(message: ShownMessage, messageId: string): Promise<void> {
  const { conversationId } = message;
  try {
    const detail = await request('conversations.showVariant', { id: conversationId, messageId });
    queryClient.setQueryData(conversationQuery(conversationId).queryKey, detail);
  } catch (error) {
    useView.setState({ actionError: { conversationId, error: toWireError(error), retry: null } });
  }
}

async function start(
  message: Message,
  ask: (consent: Consent) => Promise<Started>,
  consent: Consent = {},
): Promise<void> {
  const { conversationId } = message;
  useView.setState({ actionError: null });
  try {
    const generation = await settleGeneration(conversationId);
    const started = await ask(consent);
    // The button that was pressed goes with the answer it belongs to.
    if (hasFocus(message.id)) useView.setState({ focusedReplyId: started.assistantMessage.id });
    await showStarted(started, generation);
  } catch (error) {
    const retry = (more?: Consent) => void start(message, ask, { ...consent, ...more });
    useView.setState({ actionError: { conversationId, error: toWireError(error), retry } });
  }
}

function hasFocus(messageId: string): boolean {
  return document.activeElement?.closest<HTMLElement>('[data-message]')?.dataset['message'] === messageId;
}

/** Nothing is asked with settings that are still on their way to main. Throws why they could not be saved. */
export async function settleGeneration(conversationId: string | null): Promise<Generation> {
  // A new chat takes its settings along; which they are may depend on a preset.
  if (conversationId === null) await queryClient.ensureQueryData(presetsQuery);
  else if (!(await flushGeneration(conversationId))) {
    const error = generationErrorOf(conversationId);
    if (error !== null) throw new RequestError(error);
  }
  return generationOf(conversationId);
}

/** Shows a reply that was started, and its conversation if that is new: then with how it is answered. */
export async function showStarted(started: Started, generation: Generation): Promise<void> {
  const { conversationId } = started;
  useView.setState({ startedId: started.assistantMessage.id });
  const isNew = queryClient.getQueryData(conversationQuery(conversationId).queryKey) === undefined;
  if (isNew) {
    putFirstMessages(started, generation);
    await queryClient.invalidateQueries({ queryKey: conversationsQuery.queryKey });
    useView.setState((view) => (view.conversationId === null ? { conversationId } : {}));
  }
  // Reading it again also attaches to the reply, when the conversation is on the screen; elsewhere nobody watches.
  await refreshConversation(conversationId);
}

function putFirstMessages(started: Started, generation: Generation): void {
  const { conversationId, userMessage, assistantMessage } = started;
  const row = queryClient
    .getQueryData(conversationsQuery.queryKey)
    ?.find((each) => each.id === conversationId);
  queryClient.setQueryData(conversationQuery(conversationId).queryKey, {
    conversation: row ?? {
      id: conversationId,
      title: (userMessage.text || (userMessage.attachments[0]?.name ?? '')).slice(0, 80),
      connectionId: null,
      keyId: null,
      model: assistantMessage.model,
      createdAt: userMessage.createdAt,
      updatedAt: userMessage.createdAt,
    },
    generation,
    summary: null,
    messages: [userMessage, assistantMessage].map((message) => ({ ...message, variantIds: [message.id] })),
  });
}
