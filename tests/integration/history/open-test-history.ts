import { randomUUID } from 'node:crypto';
import type { Message } from '../../../electron/contract/model/conversation.ts';
import type { HistoryStore, ReplyStart } from '../../../electron/core/history/history-store.ts';
import type { OpenEntry } from '../../../electron/core/ledger/ledger-store.ts';
import { openHistoryStore } from '../../../electron/core/history/open-history-store.ts';
import { PLAIN_GENERATION, PLAIN_MESSAGE } from '../../../electron/contract/model/plain.ts';
import { workerUrl } from '../../harness/worker-url.ts';

/** The real store on a real file, in its real worker. */
export function openTestHistory(databaseFile: string, now = 1_000): Promise<HistoryStore> {
  return openHistoryStore({ databaseFile, workerUrl: workerUrl('history-worker') }, now);
}

/** A billed request, not yet ended. */
export function entryOf(day: string, costMicroUsd: number): OpenEntry {
  return {
    id: randomUUID(),
    at: Date.parse(day),
    day,
    purpose: 'answer',
    connectionId: randomUUID(),
    connectionLabel: 'work',
    keyId: null,
    keyLabel: null,
    model: 'm',
    conversationId: randomUUID(),
    messageId: randomUUID(),
    inputTokens: 10,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 20,
    reasoningTokens: 0,
    costMicroUsd,
    isEstimated: false,
    price: {
      model: 'm',
      rates: null,
      origin: 'unknown',
      longContext: null,
      sourceUrl: null,
      readOn: null,
    },
    textBefore: 0,
  };
}

/** A first question in a new conversation, ready for `startReply`. */
export function startOf(
  conversationId: string,
  text = 'question',
): ReplyStart & { readonly userMessage: Message } {
  const base = { ...PLAIN_MESSAGE, conversationId, createdAt: 1_000 } as const;
  const userMessage: Message = {
    ...base,
    id: randomUUID(),
    parentId: null,
    role: 'user',
    text,
    state: 'done',
    model: null,
  };
  const connectionId = randomUUID();
  return {
    newConversation: {
      id: conversationId,
      title: text,
      connectionId: null,
      keyId: null,
      model: null,
      createdAt: 1_000,
      updatedAt: 1_000,
      generation: PLAIN_GENERATION,
    },
    userMessage,
    assistantMessage: {
      ...base,
      id: randomUUID(),
      parentId: userMessage.id,
      role: 'assistant',
      text: '',
      state: 'streaming',
      model: 'm',
    },
    choice: { connectionId, keyId: null, model: 'm' },
    asked: { connectionId, keyId: null },
  };
}
