import { Hourglass } from 'lucide-react';
import type { ReplyWait, ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { retryNow } from '../../lib/chat-actions.ts';
import { describeError } from '../../lib/describe-error.ts';
import { formatTime } from '../../lib/format.ts';

interface RetryNoticeProps {
  readonly message: ShownMessage;
  readonly wait: ReplyWait;
}

/** Why there is no answer yet, when Latchkey asks again, and the way to ask now. The countdown stands in the status. */
export function RetryNotice({ message, wait }: RetryNoticeProps) {
  const { title } = describeError({ code: wait.reason, message: '', details: {} });
  return (
    <div className="flex items-center gap-3 rounded-lg border border-line bg-warn-soft py-2.5 pr-2.5 pl-3 text-[13px]">
      <Hourglass size={16} className="shrink-0 text-warn" aria-hidden />
      <div className="selectable min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        <p className="text-ink-2">
          Latchkey asks again by itself at <span className="tabular-nums">{formatTime(wait.retryAt)}</span>{' '}
          (request {wait.attempt} of {wait.maxAttempts}).
        </p>
      </div>
      <button type="button" className="button button-small" onClick={() => retryNow(message)}>
        Try now
      </button>
    </div>
  );
}
