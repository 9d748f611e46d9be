import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Attachment } from '../../../electron/contract/model/attachment.ts';
import { useGeneration } from '../../lib/generation-store.ts';
import { request } from '../../lib/ipc-client.ts';
import { counted, formatCost, formatTokens } from '../../lib/money.ts';
import { conversationQuery } from '../../lib/queries.ts';
import { useSelection } from '../../lib/selection.ts';
import { liveSummaryQuery, summarise } from '../../lib/summaries.ts';

/** Shorter drafts cost next to nothing; nobody needs a number under every sentence. */
const MIN_LENGTH = 4_000;
/** After an answer to so much, the next message may no longer fit, however short it is. */
const LONG_CONVERSATION_TOKENS = 2_000;
/** Longer ones are not sent at all. */
const MAX_LENGTH = 1_048_576;
const PAUSE_MS = 500;

interface DraftEstimateProps {
  readonly conversationId: string | null;
  readonly text: string;
  readonly files: readonly Attachment[];
}

/**
 * About what a long draft, or one with files, would cost, and what of a long conversation would not be sent with any, once the
 * person pauses.
 */
export function DraftEstimate({ conversationId, text, files }: DraftEstimateProps) {
  const { connection, model } = useSelection();
  const generation = useGeneration(conversationId);
  const { isLong: isLongConversation, summarisedTo } = useLength(conversationId);
  const isLongDraft = isEstimable(text) || files.length > 0;
  const hasContent = text.trim() !== '' || files.length > 0;
  const isEstimated =
    isEstimable(text) || ((isLongConversation || isLongDraft) && hasContent && text.length <= MAX_LENGTH);
  const settledText = useSettled(isEstimated ? text : '');
  const isWanted = isEstimated && (settledText !== '' || files.length > 0);
  const attachmentIds = files.map(({ id }) => id);
  const estimate = useQuery({
    queryKey: [
      'ledger',
      'estimate',
      conversationId,
      connection?.id,
      model,
      settledText.length,
      generation?.systemPrompt.length,
      attachmentIds,
      summarisedTo,
    ],
    queryFn: () =>
      request('chat.estimate', {
        conversationId,
        connectionId: connection?.id ?? '',
        model,
        text: settledText,
        ...(conversationId === null && generation !== null ? { generation } : {}),
        attachmentIds,
      }),
    enabled: isWanted && connection !== null && model !== '',
    placeholderData: keepPreviousData,
    gcTime: 0,
  }).data;
  if (!isWanted || estimate === undefined) return null;
  const { inputTokens, totalMicroUsd, isLarge, omittedCount, isTooLong } = estimate;
  const cost = totalMicroUsd === null ? 'cost unknown' : `about ${formatCost(totalMicroUsd)}`;
  if (isTooLong) return <span className="text-[12px] text-warn">Too long for this model</span>;
  return (
    <>
      {isLongDraft && (
        <span
          className={`min-w-0 truncate text-[12px] tabular-nums ${isLarge ? 'text-warn' : 'text-ink-3'}`}
          title="Estimated, with the conversation that is sent along and an answer of usual length"
        >
          {formatTokens(inputTokens)}
          {totalMicroUsd !== 0 && `, ${cost}`}
        </span>
      )}
      {omittedCount > 0 && conversationId !== null && (
        <LeftOut conversationId={conversationId} omittedCount={omittedCount} />
      )}
    </>
  );
}

/** What would stay behind, and what helps. */
function LeftOut({
  conversationId,
  omittedCount,
}: {
  readonly conversationId: string;
  readonly omittedCount: number;
}) {
  const { connection, keyId, model } = useSelection();
  const isSummarising = useQuery(liveSummaryQuery(conversationId)).data != null;
  const text = `${counted(omittedCount, 'earlier message')} will not be sent`;
  return (
    <span className="flex min-w-0 items-center gap-2 text-[12px] text-warn tabular-nums @max-[620px]:order-last @max-[620px]:basis-full">
      <span className="truncate" title={text}>
        {text}
      </span>
      {connection !== null && (
        <button
          type="button"
          className="button button-small shrink-0"
          disabled={isSummarising}
          onClick={() => void summarise(conversationId, { connectionId: connection.id, keyId, model })}
        >
          Summarise
        </button>
      )}
    </span>
  );
}

/** Whether the last answer was to so much that the next may be shortened, and what a summary stands for already. */
function useLength(conversationId: string | null): {
  readonly isLong: boolean;
  readonly summarisedTo: string | null;
} {
  const query = useQuery({ ...conversationQuery(conversationId ?? ''), enabled: conversationId !== null });
  const last = query.data?.messages.findLast(({ role }) => role === 'assistant');
  const { inputTokens = 0, outputTokens = 0 } = last?.usage ?? {};
  const failed = last?.error?.code === 'request/context-too-long';
  return {
    isLong: failed || (last?.omittedCount ?? 0) > 0 || inputTokens + outputTokens > LONG_CONVERSATION_TOKENS,
    summarisedTo: query.data?.summary?.upToMessageId ?? null,
  };
}

function isEstimable({ length }: string): boolean {
  return length >= MIN_LENGTH && length <= MAX_LENGTH;
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
