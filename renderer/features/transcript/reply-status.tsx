import { useQuery } from '@tanstack/react-query';
import type { MessageState, ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { formatWait } from '../../lib/format.ts';
import { conversationQuery } from '../../lib/queries.ts';
import { useTimeLeft } from '../../lib/use-time-left.ts';
import { useReplyWait } from './use-reply-wait.ts';

const words: Readonly<Record<MessageState, string>> = {
  streaming: 'Streaming',
  done: 'Done',
  cancelled: 'Stopped',
  interrupted: 'Interrupted',
  failed: 'Failed',
};

const colours: Readonly<Record<MessageState, string>> = {
  streaming: 'bg-accent pulse',
  done: 'bg-good',
  cancelled: 'bg-ink-3',
  interrupted: 'bg-warn',
  failed: 'bg-danger',
};

/** How the last reply of a conversation stands, in one word, or how long until it is asked for again. */
export function ReplyStatus({ conversationId }: { readonly conversationId: string }) {
  const { data } = useQuery(conversationQuery(conversationId));
  const last = data?.messages.findLast((message) => message.role === 'assistant');
  return (
    <div
      role="status"
      aria-label="Assistant status"
      className="flex h-5 shrink-0 items-center gap-1.5 text-[12px] whitespace-nowrap text-ink-3"
    >
      {last !== undefined && <Standing message={last} />}
    </div>
  );
}

function Standing({ message }: { readonly message: ShownMessage }) {
  const wait = useReplyWait(message.id);
  const isWaiting = wait !== null && message.state === 'streaming';
  return (
    <>
      <span
        className={`size-1.5 shrink-0 rounded-full ${isWaiting ? 'bg-warn' : colours[message.state]}`}
        aria-hidden
      />
      {isWaiting ? (
        <span>
          Trying again in <TimeLeft until={wait.retryAt} />
        </span>
      ) : (
        <span>{words[message.state]}</span>
      )}
    </>
  );
}

/** A timer: a screen reader says that there is one and not every second of it. */
function TimeLeft({ until }: { readonly until: number }) {
  return (
    <span role="timer" aria-live="off" className="tabular-nums">
      {formatWait(useTimeLeft(until))}
    </span>
  );
}
