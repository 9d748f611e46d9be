import { useQuery } from '@tanstack/react-query';
import { FastForward, RefreshCw } from 'lucide-react';
import { memo } from 'react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { ContextTooLong } from '../../components/context-too-long.tsx';
import { ErrorCard } from '../../components/error-card.tsx';
import { continueReply, regenerate } from '../../lib/chat-actions.ts';
import { describeError } from '../../lib/describe-error.ts';
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
import { useReplyFocus } from './use-reply-focus.ts';
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
  const ref = useReplyFocus(message);
  return (
    <article
      ref={ref}
      // Only while it may take the focus over: a click on an answer is no choice of it.
      tabIndex={isStreaming ? -1 : undefined}
      aria-label="Assistant"
      aria-busy={isStreaming}
      data-message={message.id}
      className="group/message rounded-xl outline-offset-4"
    >
      {reasoning !== '' && <Thoughts text={reasoning} isThinking={isStreaming && text === ''} />}
      {text !== '' && <Markdown text={text} />}
      <AnswerPictures pictures={message.attachments} />
      {!isStreaming && <Sources citations={message.citations} />}
      {isStreaming && <Waiting message={message} hasText={text !== '' || reasoning !== ''} />}
      {!isStreaming && <Outcome message={message} isLast={isLast} />}
      {/* The room of the buttons is there before they are, so that nothing moves when an answer ends. */}
      <div className={`mt-2 -ml-1.5 h-7 ${isLast ? '' : '-mb-7'}`}>
        {!isStreaming && (
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
        )}
      </div>
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
  if (!isLast) return <PastEnding message={message} />;
  const isPartial = message.state !== 'failed' || message.text !== '';
  return (
    <div className="mt-3 flex flex-col gap-2">
      {message.error?.code === 'request/context-too-long' && target !== null ? (
        <ContextTooLong
          error={message.error}
          connectionId={target.connectionId}
          onLeaveOut={() => regenerate(message, target, { isOmissionAccepted: true })}
          onSummarise={() => void summarise(message.conversationId, target)}
        />
      ) : (
        message.error !== null &&
        message.state === 'failed' && (
          <ErrorCard
            error={message.error}
            connectionId={connection?.id ?? null}
            onRetry={target === null ? null : () => regenerate(message, target)}
          />
        )
      )}
      {isPartial && (
        <p className="flex items-center gap-3 text-ink-3">
          <span className="h-px flex-1 bg-line" aria-hidden />
          <span className="text-center" title={reasonOf(message)}>
            {endingOf(message)}
          </span>
          {target !== null && message.text !== '' && (
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

/** What became of an answer that the conversation has gone on from: nothing to be done about it any more. */
function PastEnding({ message }: { readonly message: ShownMessage }) {
  const isEmpty = message.state === 'failed' && message.text === '';
  return (
    <p className="mt-2 text-[13px] text-ink-3" title={reasonOf(message)}>
      {isEmpty && message.error !== null
        ? `No answer: ${describeError(message.error).title}`
        : endingOf(message)}
    </p>
  );
}

function reasonOf({ error }: ShownMessage): string | undefined {
  return error === null ? undefined : describeError(error).body;
}

function endingOf({ state, text, error }: ShownMessage): string {
  if (state === 'cancelled') return text === '' ? 'You stopped before the answer began' : 'You stopped here';
  if (text === '') return 'The answer did not begin';
  // What has failed says why in a card of its own.
  return state === 'interrupted' && error !== null
    ? describeError(error).title
    : 'The answer was cut off here';
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
