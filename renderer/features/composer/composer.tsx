import { useQuery } from '@tanstack/react-query';
import { ArrowUp, Square } from 'lucide-react';
import { useEffect } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { SendProblem } from '../../components/send-problem.tsx';
import { loadDraftFiles } from '../../lib/attachment-actions.ts';
import { useDraftFiles } from '../../lib/attachment-store.ts';
import { sendDraft, stopReply } from '../../lib/chat-actions.ts';
import { flushDraft, loadDraft, useDraft, writeDraft } from '../../lib/draft-store.ts';
import { editLastMessage } from '../../lib/message-actions.ts';
import { settingsQuery, useIsStreaming } from '../../lib/queries.ts';
import { useSelection } from '../../lib/selection.ts';
import { isSendKey, sendKeyHint } from '../../lib/send-key.ts';
import { useAutosize } from '../../lib/use-autosize.ts';
import { useView } from '../../lib/view-store.ts';
import { AttachButton } from './attach-button.tsx';
import { DraftEstimate } from './draft-estimate.tsx';
import { DraftFiles, FileProblems } from './draft-files.tsx';
import { DropTarget } from './drop-target.tsx';
import { PromptPanel } from './prompt-panel.tsx';
import { PromptsButton } from './prompts-button.tsx';
import { takePaste } from './take-paste.ts';
import { usePromptPanel } from './use-prompt-panel.ts';

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
  const { files, pending } = useDraftFiles(conversationId);
  const hasContent = text.trim() !== '' || files.length > 0;
  const textareaRef = useAutosize(text);
  useDraftKeeper(conversationId, textareaRef);

  const sendKey = useQuery(settingsQuery).data?.sendKey ?? 'enter';
  const panel = usePromptPanel({ conversationId, text, textareaRef });
  const isReady = connection !== null && model !== '' && !isStreaming && !isSending && pending.length === 0;
  // A prompt whose variables are being asked for belongs to the message.
  const canSend = hasContent && isReady && panel.state.kind !== 'form';
  const send = (): void => {
    if (canSend) void sendDraft(conversationId, { connectionId: connection.id, keyId, model });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (panel.takeKey(event)) return;
    if (isSendKey(event, sendKey)) {
      event.preventDefault();
      send();
    } else if (text === '' && isPlainArrowUp(event) && conversationId !== null) {
      if (editLastMessage(conversationId)) event.preventDefault();
    }
  };

  return (
    <>
      <DropTarget conversationId={conversationId} />
      <div className="@container shrink-0">
        <div className="mx-auto flex max-w-[788px] flex-col gap-2 px-6 pb-4 @max-[360px]:px-3">
          <FileProblems conversationId={conversationId} />
          <SendError conversationId={conversationId} />
          <div className="relative rounded-xl border border-field-line bg-raised transition-colors focus-within:border-accent">
            <PromptPanel panel={panel} />
            <DraftFiles conversationId={conversationId} onRemove={() => textareaRef.current?.focus()} />
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
              {...panel.textareaProps}
              onChange={(event) => {
                panel.noteTyping(event.target.value);
                writeDraft(conversationId, event.target.value);
              }}
              onBlur={() => {
                panel.noteLeaving();
                flushDraft(conversationId);
              }}
              onKeyDown={onKeyDown}
              onPaste={(event) => takePaste(event, conversationId)}
            />
            <div className="flex min-h-11 flex-wrap items-center gap-2 py-1 pr-2 pl-4 @max-[360px]:gap-1 @max-[360px]:pl-3">
              {status}
              <AttachButton conversationId={conversationId} />
              <PromptsButton panel={panel} />
              <DraftEstimate conversationId={conversationId} text={text} files={files} />
              <div className="ml-auto flex shrink-0 items-center gap-2">
                <span className="text-[12px] text-ink-3 @max-[620px]:hidden" aria-hidden>
                  {isStreaming ? 'Esc stops' : sendKeyHint(sendKey)}
                </span>
                {isStreaming ? (
                  <button
                    type="button"
                    className="button"
                    onClick={() => conversationId !== null && stopReply(conversationId)}
                  >
                    <Square size={11} fill="currentColor" aria-hidden />
                    <span className="@max-[360px]:sr-only">Stop</span>
                  </button>
                ) : (
                  <button type="button" className="button button-primary" disabled={!canSend} onClick={send}>
                    <ArrowUp size={15} aria-hidden />
                    <span className="@max-[360px]:sr-only">Send</span>
                  </button>
                )}
              </div>
            </div>
          </div>
        </div>
      </div>
    </>
  );
}

function isPlainArrowUp(event: KeyboardEvent): boolean {
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  return event.key === 'ArrowUp' && !hasModifier && !event.nativeEvent.isComposing;
}

/** Reads the draft, and saves what is unsaved whenever the composer turns to something else. */
function useDraftKeeper(
  conversationId: string | null,
  textareaRef: RefObject<HTMLTextAreaElement | null>,
): void {
  useEffect(() => {
    void loadDraft(conversationId);
    void loadDraftFiles(conversationId);
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

function SendError({ conversationId }: { readonly conversationId: string | null }) {
  const actionError = useView((state) => state.actionError);
  const draft = useDraft(conversationId);
  const { connection } = useSelection();
  if (actionError === null || actionError.conversationId !== conversationId) return null;
  const changeText = (text: string): void => {
    writeDraft(conversationId, text);
    flushDraft(conversationId);
  };
  return (
    <SendProblem
      error={actionError.error}
      retry={actionError.retry}
      connectionId={connection?.id ?? null}
      text={draft ?? ''}
      onChangeText={changeText}
      onDismiss={() => useView.setState({ actionError: null })}
    />
  );
}
