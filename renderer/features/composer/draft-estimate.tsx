import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useGeneration } from '../../lib/generation-store.ts';
import { request } from '../../lib/ipc-client.ts';
import { formatCost, formatTokens } from '../../lib/money.ts';
import { useSelection } from '../../lib/selection.ts';

/** Shorter drafts cost next to nothing; nobody needs a number under every sentence. */
const MIN_LENGTH = 4_000;
/** Longer ones are not sent at all. */
const MAX_LENGTH = 1_048_576;
const PAUSE_MS = 500;

interface DraftEstimateProps {
  readonly conversationId: string | null;
  readonly text: string;
}

/** About what a long draft would cost, once the person pauses. */
export function DraftEstimate({ conversationId, text }: DraftEstimateProps) {
  const { connection, model } = useSelection();
  const generation = useGeneration(conversationId);
  const settledText = useSettled(isEstimable(text) ? text : '');
  const isWanted = isEstimable(text) && settledText !== '';
  const estimate = useQuery({
    queryKey: [
      'ledger',
      'estimate',
      conversationId,
      connection?.id,
      model,
      settledText.length,
      generation?.systemPrompt.length,
    ],
    queryFn: () =>
      request('chat.estimate', {
        conversationId,
        connectionId: connection?.id ?? '',
        model,
        text: settledText,
        ...(conversationId === null && generation !== null ? { generation } : {}),
      }),
    enabled: isWanted && connection !== null && model !== '',
    placeholderData: keepPreviousData,
    gcTime: 0,
  }).data;
  if (!isWanted || estimate === undefined) return null;
  const { inputTokens, totalMicroUsd, isLarge } = estimate;
  const cost = totalMicroUsd === null ? 'cost unknown' : `about ${formatCost(totalMicroUsd)}`;
  return (
    <span
      className={`text-[12px] whitespace-nowrap tabular-nums ${isLarge ? 'text-warn' : 'text-ink-3'}`}
      title="Estimated, with the conversation that is sent along and an answer of usual length"
    >
      {formatTokens(inputTokens)}
      {totalMicroUsd !== 0 && `, ${cost}`}
    </span>
  );
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
