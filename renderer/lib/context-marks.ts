import type { ConversationDetail } from '../../electron/contract/model/conversation.ts';

/** What of a conversation the model got, and gets. */
export interface ContextMarks {
  /** How many messages at the beginning the summary stands for; 0 without one on this path. */
  readonly summarisedCount: number;
  /** How many messages at the beginning were not sent with the last request; 0 when nothing was left out but what the summary stands for. */
  readonly omittedCount: number;
}

/** Reads from the shown path what its last request left out. */
export function contextMarksOf({
  messages,
  summary,
}: Pick<ConversationDetail, 'messages' | 'summary'>): ContextMarks {
  const summarisedCount =
    summary === null ? 0 : messages.findIndex(({ id }) => id === summary.upToMessageId) + 1;
  const last = messages.findLast(({ role }) => role === 'assistant');
  const omittedCount = Math.min(last?.omittedCount ?? 0, messages.length - 1);
  // A summary that was made since stands for them now.
  return { summarisedCount, omittedCount: omittedCount > summarisedCount ? omittedCount : 0 };
}
