import { useQuery } from '@tanstack/react-query';
import { ArrowDown } from 'lucide-react';
import { Fragment, useState } from 'react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { SystemPromptRow } from '../../components/system-prompt-row.tsx';
import { toWireError } from '../../lib/ipc-client.ts';
import { conversationQuery, refreshConversation } from '../../lib/queries.ts';
import { AssistantMessage } from './assistant-message.tsx';
import { ToolMessage } from './tool-message.tsx';
import { ContextMark, useContextMarks } from './context-mark.tsx';
import { useJumpToMessage } from './use-jump-to-message.ts';
import { UserMessage } from './user-message.tsx';
import { useStickToBottom } from './use-stick-to-bottom.ts';
import { useFollowStarted } from './use-follow-started.ts';

/** Older messages than these are asked for by a button: a window of 10,000 messages must open as fast as one of ten. */
const PAGE_SIZE = 60;

/** The messages of a conversation. */
export function Transcript({ conversationId }: { readonly conversationId: string }) {
  const { data, error } = useQuery(conversationQuery(conversationId));
  const [shownCount, setShownCount] = useState(PAGE_SIZE);
  const { viewportRef, contentRef, isAtBottom, jumpToBottom, letGo } = useStickToBottom();
  const messages = data?.messages ?? [];
  const shown = messages.slice(-shownCount);
  const lastId = messages.at(-1)?.id;
  const firstIndex = messages.length - shown.length;
  const marks = useContextMarks(conversationId, data, firstIndex);
  useFollowStarted(messages, jumpToBottom);
  useJumpToMessage({ messages, shown, show: setShownCount, contentRef, letGo });
  return (
    <div className="peer/transcript relative min-h-0 flex-1" data-scrolled={isAtBottom ? undefined : ''}>
      <div
        ref={viewportRef}
        role="log"
        aria-label="Messages"
        aria-live="off"
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain px-6 -outline-offset-2"
      >
        <div ref={contentRef} className="mx-auto flex max-w-[740px] flex-col gap-7 pt-6 pb-8">
          {shown.length < messages.length && (
            <button
              type="button"
              className="button button-small self-center"
              onClick={() => setShownCount(shownCount + PAGE_SIZE * 2)}
            >
              Show earlier messages
            </button>
          )}
          {data !== undefined && shown.length === messages.length && (
            <SystemPromptRow conversationId={conversationId} />
          )}
          {error !== null && (
            <ErrorCard
              error={toWireError(error)}
              connectionId={null}
              onRetry={() => void refreshConversation(conversationId)}
            />
          )}
          {shown.map((message, index) => (
            <Fragment key={message.id}>
              <ContextMark marks={marks} index={firstIndex + index} />
              <MessageRow message={message} isLast={message.id === lastId} />
            </Fragment>
          ))}
        </div>
      </div>
      {!isAtBottom && (
        <button
          type="button"
          className="button absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-md"
          onClick={jumpToBottom}
        >
          <ArrowDown size={14} aria-hidden />
          Jump to latest
        </button>
      )}
    </div>
  );
}

function MessageRow({ message, isLast }: { readonly message: ShownMessage; readonly isLast: boolean }) {
  if (message.role === 'tool') return <ToolMessage message={message} />;
  return message.role === 'user' ? (
    <UserMessage message={message} isLast={isLast} />
  ) : (
    <AssistantMessage message={message} isLast={isLast} />
  );
}
