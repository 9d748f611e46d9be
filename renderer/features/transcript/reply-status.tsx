import { useQuery } from '@tanstack/react-query';
import type { MessageState } from '../../../electron/contract/model/conversation.ts';
import { conversationQuery } from '../../lib/queries.ts';

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

/** How the last reply of a conversation stands, in one word. */
export function ReplyStatus({ conversationId }: { readonly conversationId: string }) {
  const { data } = useQuery(conversationQuery(conversationId));
  const last = data?.messages.findLast((message) => message.role === 'assistant');
  return (
    <div
      role="status"
      aria-label="Assistant status"
      className="flex h-5 items-center gap-1.5 text-[12px] text-ink-3"
    >
      {last !== undefined && (
        <>
          <span className={`size-1.5 rounded-full ${colours[last.state]}`} aria-hidden />
          <span>{words[last.state]}</span>
        </>
      )}
    </div>
  );
}
