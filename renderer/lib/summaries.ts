import { queryOptions } from '@tanstack/react-query';
import type { EventPayload } from '../../electron/contract/contract.ts';
import type { ConversationDetail } from '../../electron/contract/model/conversation.ts';
import type { Target } from './chat-actions.ts';
import { request, toWireError } from './ipc-client.ts';
import { conversationQuery, queryClient, refreshConversation } from './queries.ts';
import { showToast, useView } from './view-store.ts';
import type { Consent } from './view-store.ts';

/** How long a summary that was taken away is offered back, in milliseconds. Main keeps none: this window does. */
const UNDO_MS = 10_000;

type Summary = NonNullable<ConversationDetail['summary']>;

/** Conversations whose summary a person has just asked for in this window: it is scrolled to once. */
const startedHere = new Set<string>();

/** Whether a summary that appears is one that a person waits for. True once. */
export function takeStarted(id: string): boolean {
  return startedHere.delete(id);
}

/** The summary that is being made of a conversation; null when there is none. Events keep it up to date. */
export function liveSummaryQuery(id: string) {
  return queryOptions({
    queryKey: ['live-summary', id],
    queryFn: () => request('conversations.liveSummary', { id }),
  });
}

/** Lets a summary stand for the beginning of a conversation. What is refused is said above the composer. */
export async function summarise(id: string, target: Target, consent: Consent = {}): Promise<void> {
  useView.setState({ actionError: null });
  const { isOverBudgetAllowed = false, isCostAccepted = false, isKeyIntended = false } = consent;
  try {
    const asked = { id, ...target, isOverBudgetAllowed, isCostAccepted, isKeyIntended };
    const { upToMessageId } = await request('conversations.summarise', asked);
    startedHere.add(id);
    queryClient.setQueryData(liveSummaryQuery(id).queryKey, (live) => live ?? { upToMessageId, text: '' });
    // Another conversation may have been chosen meanwhile.
    if (useView.getState().conversationId === id)
      useView.setState({ jump: { messageId: upToMessageId, words: [] } });
  } catch (error) {
    const retry = (more?: Consent): void => void summarise(id, target, { ...consent, ...more });
    useView.setState({ actionError: { conversationId: id, error: toWireError(error), retry } });
  }
}

/** Gives a summary up while it is being made. */
export function cancelSummary(id: string): void {
  request('conversations.cancelSummary', { id }).catch(() => refreshLive(id));
}

/** Takes over what a person made of it. Rejects with why it could not be kept. */
export async function changeSummary(id: string, summary: Summary): Promise<void> {
  show(await request('conversations.setSummary', { id, summary }));
}

/** Takes a summary away, and offers it back. */
export async function removeSummary(id: string, summary: Summary): Promise<void> {
  try {
    show(await request('conversations.setSummary', { id, summary: null }));
    showToast({ text: 'Summary removed', undo: () => void restore(id, summary), durationMs: UNDO_MS });
  } catch (error) {
    report(id, error);
  }
}

/** More of a summary has come. */
export function growSummary({ conversationId, at, text }: EventPayload<'summary.grown'>): void {
  const { queryKey } = liveSummaryQuery(conversationId);
  const live = queryClient.getQueryData(queryKey);
  // Something was missed, or the answer that says where it will stand is still on its way: main knows all of it.
  if (live == null || at > live.text.length) return refreshLive(conversationId);
  const { upToMessageId } = live;
  const grown = live.text.slice(0, at) + text;
  queryClient.setQueryData(queryKey, () => ({ upToMessageId, text: grown }));
}

/** A summary has come to its end. */
export function endSummary({ conversationId, error }: EventPayload<'summary.ended'>): void {
  queryClient.setQueryData(liveSummaryQuery(conversationId).queryKey, null);
  void refreshConversation(conversationId);
  if (error !== null) useView.setState({ actionError: { conversationId, error, retry: null } });
}

async function restore(id: string, summary: Summary): Promise<void> {
  try {
    show(await request('conversations.setSummary', { id, summary }));
  } catch (error) {
    report(id, error);
  }
}

function show(detail: ConversationDetail): void {
  queryClient.setQueryData(conversationQuery(detail.conversation.id).queryKey, detail);
}

function refreshLive(id: string): void {
  void queryClient.invalidateQueries({ queryKey: liveSummaryQuery(id).queryKey });
}

function report(conversationId: string, error: unknown): void {
  useView.setState({ actionError: { conversationId, error: toWireError(error), retry: null } });
}
