import { useQuery } from '@tanstack/react-query';
import { PanelLeft } from 'lucide-react';
import { describeConversationCost, formatSum, formatTokens } from '../../lib/money.ts';
import { conversationCostQuery } from '../../lib/queries.ts';
import { useShownConversation } from '../../lib/selection.ts';
import { ChatSettings } from './chat-settings.tsx';
import { ConnectionPicker } from './connection-picker.tsx';
import { ModelPicker } from './model-picker.tsx';

interface ConversationHeaderProps {
  readonly isSidebarShown: boolean;
  readonly onShowSidebar: () => void;
}

/** Title, model and connection of the shown conversation, and what it has cost. */
export function ConversationHeader({ isSidebarShown, onShowSidebar }: ConversationHeaderProps) {
  const conversation = useShownConversation();
  return (
    <header className="@container flex h-12 shrink-0 items-center gap-1 border-b border-line px-3">
      {!isSidebarShown && (
        <button
          type="button"
          className="icon-button mr-1 shrink-0"
          aria-label="Show sidebar"
          onClick={onShowSidebar}
        >
          <PanelLeft size={16} aria-hidden />
        </button>
      )}
      <h1
        dir="auto"
        className="min-w-[26cqw] flex-1 truncate px-2 text-[14px] font-semibold"
        title={conversation?.title}
      >
        {conversation?.title ?? 'New chat'}
      </h1>
      <div className="flex min-w-0 items-center gap-0.5">
        {conversation !== null && <ConversationCost conversationId={conversation.id} />}
        <ModelPicker />
        <ConnectionPicker />
        <ChatSettings />
      </div>
    </header>
  );
}

function ConversationCost({ conversationId }: { readonly conversationId: string }) {
  const cost = useQuery(conversationCostQuery(conversationId)).data;
  if (cost === undefined || cost.total.requestCount === 0) return null;
  const { total } = cost;
  return (
    <span
      className="shrink-0 px-2 text-[12px] whitespace-nowrap text-ink-3 tabular-nums @max-[520px]:hidden"
      title={describeConversationCost(cost)}
    >
      {formatSum(total)} · {formatTokens(total.inputTokens + total.outputTokens)}
    </span>
  );
}
