import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { KeyboardEvent } from 'react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { FileChips } from '../../components/file-chips.tsx';
import { SendProblem } from '../../components/send-problem.tsx';
import { removeEditFile, useEdit, writeEdit } from '../../lib/edit-store.ts';
import { cancelEdit, sendEdit } from '../../lib/message-actions.ts';
import { settingsQuery, useIsStreaming } from '../../lib/queries.ts';
import { useSelection } from '../../lib/selection.ts';
import { isSendKey, sendKeyHint } from '../../lib/send-key.ts';
import { useAutosize } from '../../lib/use-autosize.ts';

/** Edits a sent message where it stands. Sending makes another version of it; the old one and its answers stay. */
export function MessageEditor({ message }: { readonly message: ShownMessage }) {
  const { text, removedIds, isSending, problem } = useEdit();
  const files = message.attachments.filter(({ id }) => !removedIds.includes(id));
  const { connection, keyId, model } = useSelection();
  const isStreaming = useIsStreaming(message.conversationId);
  const sendKey = useQuery(settingsQuery).data?.sendKey ?? 'enter';
  const textareaRef = useAutosize(text);
  useEffect(() => {
    const textarea = textareaRef.current;
    textarea?.focus();
    textarea?.setSelectionRange(textarea.value.length, textarea.value.length);
  }, [textareaRef]);
  const hasContent = text.trim() !== '' || files.length > 0;
  const canSend = hasContent && connection !== null && model !== '' && !isStreaming && !isSending;
  const send = (): void => {
    if (canSend) void sendEdit(message, { connectionId: connection.id, keyId, model });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isEscape = event.key === 'Escape' && !event.nativeEvent.isComposing;
    if (!isEscape && !isSendKey(event, sendKey)) return;
    // Esc closes the editor and stops nothing behind it.
    event.preventDefault();
    if (isEscape) cancelEdit(message.id);
    else send();
  };
  return (
    <div className="flex w-full flex-col gap-2">
      {problem !== null && (
        <SendProblem
          error={problem.error}
          retry={problem.retry}
          connectionId={connection?.id ?? null}
          text={text}
          onChangeText={writeEdit}
          onDismiss={() => useEdit.setState({ problem: null })}
        />
      )}
      <div className="rounded-xl border border-field-line bg-raised transition-colors focus-within:border-accent">
        {files.length > 0 && (
          <FileChips
            files={files}
            onRemove={({ id }) => {
              removeEditFile(id);
              textareaRef.current?.focus();
            }}
          />
        )}
        <textarea
          ref={textareaRef}
          aria-label="Edit message"
          dir="auto"
          rows={1}
          value={text}
          className="block max-h-[50vh] min-h-11 w-full resize-none bg-transparent px-4 pt-3 pb-1 text-[length:var(--text-size)] leading-6 outline-none"
          onChange={(event) => writeEdit(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="@container flex min-h-11 flex-wrap items-center justify-end gap-2 py-1.5 pr-2 pl-4">
          <KeptEdit message={message} text={text} />
          <span className="text-[12px] text-ink-3 @max-[480px]:hidden" aria-hidden>
            {isStreaming ? 'Wait for the answer' : `${sendKeyHint(sendKey)}, Esc cancels`}
          </span>
          <button type="button" className="button button-quiet" onClick={() => cancelEdit(message.id)}>
            Cancel
          </button>
          <button type="button" className="button button-primary" disabled={!canSend} onClick={send}>
            Send
          </button>
        </div>
      </div>
    </div>
  );
}

/** The way back to what was written here before and not sent. */
function KeptEdit({ message, text }: { readonly message: ShownMessage; readonly text: string }) {
  const kept = useEdit((state) => state.kept[message.id]);
  if (kept === undefined || kept === text || kept === message.text) return null;
  return (
    <button
      type="button"
      className="button button-small button-quiet mr-auto -ml-2"
      onClick={() => writeEdit(kept)}
    >
      Bring back my edit
    </button>
  );
}
