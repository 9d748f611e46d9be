import { useQuery } from '@tanstack/react-query';
import { Link2 } from 'lucide-react';
import type { LinkedPrompt } from '../../../electron/contract/model/app-info.ts';
import { useDraft, writeDraft } from '../../lib/draft-store.ts';
import { request } from '../../lib/ipc-client.ts';
import { linkQuery, queryClient } from '../../lib/queries.ts';
import { showConversation, useView } from '../../lib/view-store.ts';

/** A prompt that a link brought: shown whole, used only by a click, never over a draft, never sent. */
export function LinkedPromptCard() {
  const conversationId = useView((state) => state.conversationId);
  const draft = useDraft(conversationId);
  const newDraft = useDraft(null);
  const linked = useQuery(linkQuery).data ?? null;
  if (linked === null) return null;
  const hasDraft = draft === null || draft !== '';
  const canUseInNewChat = hasDraft && conversationId !== null && newDraft === '';
  return (
    <div className="shrink-0 px-6 pb-3">
      <section
        aria-label="From a link"
        className="mx-auto max-w-[740px] rounded-xl border border-line-strong bg-accent-soft p-3 pl-4"
      >
        <h2 className="flex items-center gap-2 font-semibold">
          <Link2 size={15} className="text-accent" aria-hidden />
          From a link
        </h2>
        <p className="mt-0.5 text-ink-2">
          Someone made this prompt, perhaps not you. Read it before you use it. Nothing has been sent.
        </p>
        <div
          className="selectable mt-2 max-h-[26vh] overflow-y-auto rounded-lg border border-line bg-raised px-3 py-2 whitespace-pre-wrap wrap-anywhere"
          tabIndex={0}
          role="region"
          aria-label="Prompt"
          dir="auto"
        >
          {linked.prompt}
        </div>
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <button
            type="button"
            className="button button-primary"
            disabled={hasDraft}
            onClick={() => use(linked, conversationId)}
          >
            Use
          </button>
          {canUseInNewChat && (
            <button type="button" className="button" onClick={() => use(linked, null)}>
              Use in a new chat
            </button>
          )}
          <button type="button" className="button button-quiet" onClick={() => settle(linked)}>
            Discard
          </button>
          {hasDraft && <p className="text-ink-2">Your draft below stays. Send or clear it first.</p>}
        </div>
      </section>
    </div>
  );
}

function use(linked: LinkedPrompt, conversationId: string | null): void {
  showConversation(conversationId);
  writeDraft(conversationId, linked.prompt);
  settle(linked);
  document.querySelector<HTMLElement>('[aria-label="Message"]')?.focus();
}

function settle(linked: LinkedPrompt): void {
  queryClient.setQueryData(linkQuery.queryKey, null);
  // The inbox forgets it at the next start at the latest.
  request('link.settle', { id: linked.id }).catch(() => undefined);
}
