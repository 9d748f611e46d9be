import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ConversationDetail } from '../../../electron/contract/model/conversation.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { toWireError } from '../../lib/ipc-client.ts';
import { changeSummary } from '../../lib/summaries.ts';

/** As many characters as main takes. */
const MAX_LENGTH = 30_000;

interface SummaryEditorProps {
  readonly conversationId: string;
  readonly summary: NonNullable<ConversationDetail['summary']>;
  readonly onClose: () => void;
}

/** A summary in one's own words. */
export function SummaryEditor({ conversationId, summary, onClose }: SummaryEditorProps) {
  const [text, setText] = useState(summary.text);
  const ref = useRef<HTMLTextAreaElement>(null);
  useEffect(() => ref.current?.focus(), []);
  const save = useMutation({
    mutationFn: () => changeSummary(conversationId, { ...summary, text: text.trim() }),
    onSuccess: onClose,
  });
  const canSave = text.trim() !== '' && !save.isPending;
  return (
    <form
      className="flex flex-col gap-2 border-t border-line p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) save.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <textarea
        aria-label="Summary text"
        ref={ref}
        dir="auto"
        rows={8}
        maxLength={MAX_LENGTH}
        value={text}
        className="field h-auto w-full resize-y px-3 py-2 leading-5"
        onChange={(event) => setText(event.target.value)}
      />
      {save.error !== null && (
        <ErrorCard error={toWireError(save.error)} connectionId={null} onRetry={null} />
      )}
      <div className="flex justify-end gap-2">
        <button type="button" className="button button-small button-quiet" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="button button-small button-primary" disabled={!canSave}>
          Save summary
        </button>
      </div>
    </form>
  );
}
