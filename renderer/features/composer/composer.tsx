import { useQuery } from '@tanstack/react-query';
import { ArrowUp, Square } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { ErrorCard } from '../../components/error-card.tsx';
import { sendDraft, stopReply } from '../../lib/chat-actions.ts';
import { flushDraft, loadDraft, useDraft, writeDraft } from '../../lib/draft-store.ts';
import { conversationQuery, settingsQuery } from '../../lib/queries.ts';
import { useSelection } from '../../lib/selection.ts';
import { useView } from '../../lib/view-store.ts';
import { DraftEstimate } from './draft-estimate.tsx';
import { KeyInMessage } from './key-in-message.tsx';
import { OverBudget } from './over-budget.tsx';

interface ComposerProps {
  readonly conversationId: string | null;
  /** What stands at the left of the buttons. */
  readonly status: ReactNode;
}

/** Where a message is written. Outside the transcript's tree, so that a growing reply never slows a key press. */
export function Composer({ conversationId, status }: ComposerProps) {
  const draft = useDraft(conversationId);
  const text = draft ?? '';
  const { connection, keyId, model } = useSelection();
  const isSending = useView((state) => state.isSending);
  const isStreaming = useIsStreaming(conversationId);
  const canSend = text.trim() !== '' && connection !== null && model !== '' && !isStreaming && !isSending;
  const textareaRef = useAutosize(text);
  useDraftKeeper(conversationId, textareaRef);

  const send = (): void => {
    if (canSend) void sendDraft(conversationId, { connectionId: connection.id, keyId, model });
  };
  const sendKey = useQuery(settingsQuery).data?.sendKey ?? 'enter';
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isSendKey(event, sendKey)) return;
    event.preventDefault();
    send();
  };

  return (
    <div className="shrink-0 px-6 pb-4">
      <div className="mx-auto flex max-w-[740px] flex-col gap-2">
        <SendError conversationId={conversationId} />
        <div className="rounded-xl border border-field-line bg-raised transition-colors focus-within:border-accent">
          <textarea
            ref={textareaRef}
            aria-label="Message"
            placeholder={
              connection === null ? 'Add a connection to begin' : `Message ${model || connection.label}`
            }
            dir="auto"
            rows={1}
            value={text}
            className="block max-h-[40vh] min-h-11 w-full resize-none bg-transparent px-4 pt-3 pb-1 text-[length:var(--text-size)] leading-6 outline-none placeholder:text-ink-3"
            onChange={(event) => writeDraft(conversationId, event.target.value)}
            onBlur={() => flushDraft(conversationId)}
            onKeyDown={onKeyDown}
          />
          <div className="flex h-11 items-center gap-2 pr-2 pl-4">
            {status}
            <DraftEstimate conversationId={conversationId} text={text} />
            <span className="ml-auto text-[12px] text-ink-3 max-[720px]:hidden" aria-hidden>
              {hint(sendKey, isStreaming)}
            </span>
            {isStreaming ? (
              <button
                type="button"
                className="button"
                onClick={() => conversationId !== null && stopReply(conversationId)}
              >
                <Square size={11} fill="currentColor" aria-hidden />
                Stop
              </button>
            ) : (
              <button type="button" className="button button-primary" disabled={!canSend} onClick={send}>
                <ArrowUp size={15} aria-hidden />
                Send
              </button>
            )}
          </div>
        </div>
      </div>
    </div>
  );
}

function useIsStreaming(conversationId: string | null): boolean {
  const query = useQuery({ ...conversationQuery(conversationId ?? ''), enabled: conversationId !== null });
  return query.data?.messages.some((message) => message.state === 'streaming') ?? false;
}

function isSendKey(event: KeyboardEvent, sendKey: 'enter' | 'mod-enter'): boolean {
  // Enter that ends an input-method composition belongs to the composition (229: Safari's and Chromium's late report).
  if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.keyCode === 229) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return sendKey === 'enter' && !event.shiftKey && !event.altKey;
}

function hint(sendKey: 'enter' | 'mod-enter', isStreaming: boolean): string {
  if (isStreaming) return 'Esc stops';
  return sendKey === 'enter' ? 'Enter sends' : 'Ctrl+Enter sends';
}

/** Reads the draft, and saves what is unsaved whenever the composer turns to something else. */
function useDraftKeeper(
  conversationId: string | null,
  textareaRef: RefObject<HTMLTextAreaElement | null>,
): void {
  useEffect(() => {
    void loadDraft(conversationId);
    textareaRef.current?.focus({ preventScroll: true });
    const flush = (): void => flushDraft(conversationId);
    window.addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      flush();
      window.removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', flush);
    };
  }, [conversationId, textareaRef]);
}

function useAutosize(text: string): RefObject<HTMLTextAreaElement | null> {
  const ref = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const textarea = ref.current;
    if (textarea === null) return;
    textarea.style.height = 'auto';
    textarea.style.height = `${textarea.scrollHeight}px`;
  }, [text]);
  return ref;
}

function SendError({ conversationId }: { readonly conversationId: string | null }) {
  const actionError = useView((state) => state.actionError);
  const { connection, keyId, model } = useSelection();
  if (actionError === null || actionError.conversationId !== conversationId) return null;
  if (actionError.error.code === 'secret/key-in-message' && connection !== null) {
    const target = { connectionId: connection.id, keyId, model };
    return <KeyInMessage conversationId={conversationId} error={actionError.error} target={target} />;
  }
  if (actionError.error.code.startsWith('budget/') && actionError.retry !== null) {
    return <OverBudget error={actionError.error} retry={actionError.retry} />;
  }
  return (
    <ErrorCard
      error={actionError.error}
      connectionId={connection?.id ?? null}
      onRetry={actionError.retry}
      onDismiss={() => useView.setState({ actionError: null })}
    />
  );
}
