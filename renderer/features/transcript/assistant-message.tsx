import { useQuery } from '@tanstack/react-query';
import { FastForward, RefreshCw } from 'lucide-react';
import { memo } from 'react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { ContextTooLong } from '../../components/context-too-long.tsx';
import { ErrorCard } from '../../components/error-card.tsx';
import { continueReply, regenerate } from '../../lib/chat-actions.ts';
import { describeSum, formatSum } from '../../lib/money.ts';
import { conversationCostQuery, useIsStreaming } from '../../lib/queries.ts';
import { useSelection } from '../../lib/selection.ts';
import { summarise } from '../../lib/summaries.ts';
import { Markdown } from './markdown/markdown.tsx';
import { MessageActionsRow } from './message-actions-row.tsx';
import { RetryNotice } from './retry-notice.tsx';
import { AnswerPictures } from './answer-pictures.tsx';
import { Sources } from './sources.tsx';
import { Thoughts } from './thoughts.tsx';
import { useReplyReasoning } from './use-reply-reasoning.ts';
import { useReplyText } from './use-reply-text.ts';
import { useReplyWait } from './use-reply-wait.ts';

interface AssistantMessageProps {
  readonly message: ShownMessage;
  readonly isLast: boolean;
}

/** A reply, with what can be done about it. */
export const AssistantMessage = memo(function AssistantMessage({ message, isLast }: AssistantMessageProps) {
  const text = useReplyText(message);
  const reasoning = useReplyReasoning(message);
  const isStreaming = message.state === 'streaming';
  return (
    <article
      aria-label="Assistant"
      aria-busy={isStreaming}
      data-message={message.id}
      className="group/message rounded-xl"
    >
      {reasoning !== '' && <Thoughts text={reasoning} isThinking={isStreaming && text === ''} />}
      {text !== '' && <Markdown text={text} />}
      <AnswerPictures pictures={message.attachments} />
      {!isStreaming && <Sources citations={message.citations} />}
      {isStreaming && <Waiting message={message} hasText={text !== '' || reasoning !== ''} />}
      {!isStreaming && <Outcome message={message} isLast={isLast} />}
      {!isStreaming && (
        <div className="mt-2 -ml-1.5">
          <MessageActionsRow
            message={message}
            text={text}
            isLast={isLast}
            // Without a question there is nothing to ask again.
            main={message.parentId !== null && <RegenerateButton message={message} />}
          >
            {message.model !== null && (
              <span className="truncate pl-2 text-[12px] text-ink-3">{message.model}</span>
            )}
            <AnswerCost message={message} />
          </MessageActionsRow>
        </div>
      )}
    </article>
  );
});

function Waiting({ message, hasText }: { readonly message: ShownMessage; readonly hasText: boolean }) {
  const wait = useReplyWait(message.id);
  if (wait !== null)
    return (
      <div className={hasText ? 'mt-3' : ''}>
        <RetryNotice message={message} wait={wait} />
      </div>
    );
  if (hasText) return null;
  return (
    <p className="flex h-6 items-center gap-1.5 text-ink-3" aria-hidden>
      <span className="pulse size-1.5 rounded-full bg-accent" />
      Waiting for the first words
    </p>
  );
}

function Outcome({ message, isLast }: AssistantMessageProps) {
  const { connection, keyId, model } = useSelection();
  const target = connection === null || model === '' ? null : { connectionId: connection.id, keyId, model };
  if (message.state === 'done') return null;
  const isPartial = message.state !== 'failed' || message.text !== '';
  return (
    <div className="mt-3 flex flex-col gap-2">
      {message.error?.code === 'request/context-too-long' && isLast && target !== null ? (
        <ContextTooLong
          error={message.error}
          connectionId={target.connectionId}
          onLeaveOut={() => regenerate(message, target, { isOmissionAccepted: true })}
          onSummarise={() => void summarise(message.conversationId, target)}
        />
      ) : (
        message.error !== null && (
          <ErrorCard
            error={message.error}
            connectionId={connection?.id ?? null}
            onRetry={isLast && target !== null ? () => regenerate(message, target) : null}
          />
        )
      )}
      {isPartial && (
        <p className="flex items-center gap-3 text-ink-3">
          <span className="h-px flex-1 bg-line" aria-hidden />
          <span>{endingOf(message)}</span>
          {isLast && target !== null && message.text !== '' && (
            <button
              type="button"
              className="button button-small"
              onClick={() => continueReply(message, target)}
            >
              <FastForward size={13} aria-hidden />
              Continue
            </button>
          )}
          <span className="h-px flex-1 bg-line" aria-hidden />
        </p>
      )}
    </div>
  );
}

function endingOf(message: ShownMessage): string {
  if (message.state === 'cancelled')
    return message.text === '' ? 'You stopped before the answer began' : 'You stopped here';
  return message.text === '' ? 'The answer did not begin' : 'The answer was cut off here';
}

function AnswerCost({ message }: { readonly message: ShownMessage }) {
  const answers = useQuery(conversationCostQuery(message.conversationId)).data?.answers;
  const cost = answers?.find(({ messageId }) => messageId === message.id);
  if (cost === undefined) return null;
  return (
    <span className="pl-2 text-[12px] whitespace-nowrap text-ink-3 tabular-nums" title={describeSum(cost)}>
      {formatSum(cost)}
    </span>
  );
}

function RegenerateButton({ message }: { readonly message: ShownMessage }) {
  const { connection, keyId, model } = useSelection();
  const isStreaming = useIsStreaming(message.conversationId);
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Regenerate"
      title="Regenerate: ask again and keep this answer"
      disabled={connection === null || model === '' || isStreaming}
      onClick={() =>
        connection !== null && regenerate(message, { connectionId: connection.id, keyId, model })
      }
    >
      <RefreshCw size={14} aria-hidden />
    </button>
  );
}
