import { ScrollText } from 'lucide-react';
import { openChatSettings, useSavedSystemPrompt } from '../lib/generation-store.ts';

/** So much of it is shown at most, in UTF-16 units; the row cuts off the rest where it ends. */
const MAX_SHOWN = 200;

/** Says that answers are made under a system prompt, and opens it. Nothing where there is none. */
export function SystemPromptRow({ conversationId }: { readonly conversationId: string | null }) {
  const systemPrompt = useSavedSystemPrompt(conversationId);
  if (systemPrompt.trim() === '') return null;
  return (
    <button
      type="button"
      className="button button-small button-quiet max-w-full justify-start gap-2 self-start font-normal text-ink-3"
      onClick={openChatSettings}
    >
      <ScrollText size={13} className="shrink-0" aria-hidden />
      <span className="truncate" dir="auto">
        System prompt: {systemPrompt.slice(0, MAX_SHOWN).trim().replaceAll(/\s+/g, ' ')}
      </span>
    </button>
  );
}
