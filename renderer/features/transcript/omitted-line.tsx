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
    <div role="note" aria-label="Not sent" className="@container text-[13px] text-ink-3">
      <div className="flex flex-col items-center gap-2 @min-[560px]:flex-row @min-[560px]:gap-3">
        <Rule />
        <span
          className="text-center"
          title="The conversation is longer than the model can read at once, so its oldest messages were left out of the last request. They are still here."
        >
          {counted(omittedCount, 'earlier message')} {wasWord} not sent to the model{summarised}
        </span>
        {connection !== null && model !== '' && (
          <button
            type="button"
            className="button button-small shrink-0"
            disabled={isSummarising}
            onClick={() => void summarise(conversationId, { connectionId: connection.id, keyId, model })}
          >
            <ScrollText size={13} aria-hidden />
            Summarise them
          </button>
        )}
        <Rule />
      </div>
    </div>
  );
}

/** Beside the words, or above and below them where there is no room. */
function Rule() {
  return (
    <span
      className="h-px shrink-0 self-stretch bg-line @min-[560px]:flex-1 @min-[560px]:self-auto"
      aria-hidden
    />
  );
}
