import { ScrollText } from 'lucide-react';
import type { ContextMarks } from '../../lib/context-marks.ts';
import { counted } from '../../lib/money.ts';
import { useSelection } from '../../lib/selection.ts';
import { summarise } from '../../lib/summaries.ts';

interface OmittedLineProps {
  readonly conversationId: string;
  readonly marks: ContextMarks;
  readonly isSummarising: boolean;
}

/** Above the first message that the model still got: how many it did not, why, and what helps. */
export function OmittedLine({ conversationId, marks, isSummarising }: OmittedLineProps) {
  const { connection, keyId, model } = useSelection();
  const { omittedCount, summarisedCount } = marks;
  const wasWord = omittedCount === 1 ? 'was' : 'were';
  const summarised = summarisedCount > 0 ? `, a summary stands for ${summarisedCount} of them` : '';
  return (
    <div role="note" aria-label="Not sent" className="flex items-center gap-3 text-[13px] text-ink-3">
      <span className="h-px flex-1 bg-line" aria-hidden />
      <span
        className="text-center"
        title="The conversation is longer than the model can read at once, so its oldest messages were left out of the last request. They are still here."
      >
        {counted(omittedCount, 'earlier message')} {wasWord} not sent to the model{summarised}
      </span>
      {connection !== null && model !== '' && (
        <button
          type="button"
          className="button button-small"
          disabled={isSummarising}
          onClick={() => void summarise(conversationId, { connectionId: connection.id, keyId, model })}
        >
          <ScrollText size={13} aria-hidden />
          Summarise them
        </button>
      )}
      <span className="h-px flex-1 bg-line" aria-hidden />
    </div>
  );
}
