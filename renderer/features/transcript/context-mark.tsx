import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ConversationDetail } from '../../../electron/contract/model/conversation.ts';
import { contextMarksOf } from '../../lib/context-marks.ts';
import type { ContextMarks } from '../../lib/context-marks.ts';
import { liveSummaryQuery } from '../../lib/summaries.ts';
import { OmittedLine } from './omitted-line.tsx';
import { LiveSummary, SummaryCard } from './summary-card.tsx';

/** What of a conversation the model gets, and where that is said. */
export interface ShownMarks extends ContextMarks {
  readonly conversationId: string;
  readonly summary: ConversationDetail['summary'];
  /** How many messages the summary that is being made will stand for; 0 when none is. */
  readonly summarisingCount: number;
  /** The place on the path of the first message that is drawn. */
  readonly firstIndex: number;
}

/** Reads the marks of a conversation of which the messages from `firstIndex` on are drawn. */
export function useContextMarks(
  conversationId: string,
  detail: ConversationDetail | undefined,
  firstIndex: number,
): ShownMarks | null {
  const upToMessageId = useQuery({
    ...liveSummaryQuery(conversationId),
    select: (live) => live?.upToMessageId ?? null,
  }).data;
  return useMemo(() => {
    if (detail === undefined) return null;
    const { summary, messages } = detail;
    const summarisingCount =
      upToMessageId == null ? 0 : messages.findIndex(({ id }) => id === upToMessageId) + 1;
    return { ...contextMarksOf(detail), conversationId, summary, summarisingCount, firstIndex };
  }, [conversationId, detail, firstIndex, upToMessageId]);
}

interface ContextMarkProps {
  readonly marks: ShownMarks | null;
  /** The place on the path of the message below. */
  readonly index: number;
}

/** What stands between two messages about what the model gets of those above: mostly nothing. */
export function ContextMark({ marks, index }: ContextMarkProps) {
  if (marks === null) return null;
  const { conversationId, summary, summarisedCount, summarisingCount, omittedCount, firstIndex } = marks;
  // What belongs further up than anything drawn stands at the top.
  const isHere = (count: number): boolean => count > 0 && Math.max(count, firstIndex) === index;
  return (
    <>
      {summary !== null && isHere(summarisedCount) && (
        <SummaryCard conversationId={conversationId} summary={summary} count={summarisedCount} />
      )}
      {isHere(summarisingCount) && <LiveSummary conversationId={conversationId} count={summarisingCount} />}
      {isHere(omittedCount) && (
        <OmittedLine conversationId={conversationId} marks={marks} isSummarising={summarisingCount > 0} />
      )}
    </>
  );
}
