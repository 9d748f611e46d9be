import { Paperclip } from 'lucide-react';
import { useEffect, useState } from 'react';
import { attachFiles } from '../../lib/attachment-actions.ts';
import { useView } from '../../lib/view-store.ts';

/** Takes files that are dropped anywhere on the window, and shows that it would. Nothing else that is dragged is touched. */
export function DropTarget({ conversationId }: { readonly conversationId: string | null }) {
  const isOver = useFileDrop(conversationId);
  if (!isOver) return null;
  return (
    <div className="pointer-events-none fixed inset-0 z-50 bg-scrim p-4">
      <div className="flex h-full items-center justify-center rounded-xl border-2 border-dashed border-accent bg-canvas/90">
        <p className="flex items-center gap-2 text-[15px] font-semibold">
          <Paperclip size={18} className="text-accent" aria-hidden />
          Drop to attach to the message
        </p>
      </div>
    </div>
  );
}

function useFileDrop(conversationId: string | null): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const onDrag = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      // Also where it is not taken: the window must never open what is dropped on it.
      event.preventDefault();
      const isTaken = useView.getState().dialog === null;
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = isTaken ? 'copy' : 'none';
      setIsOver(isTaken);
    };
    const onLeave = (event: DragEvent): void => {
      // Between two elements of the page there is another one to go to; out of the window there is none.
      if (event.relatedTarget === null) setIsOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setIsOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (useView.getState().dialog === null && files.length > 0) attachFiles(conversationId, files);
    };
    const listeners = { dragenter: onDrag, dragover: onDrag, dragleave: onLeave, drop: onDrop } as const;
    const entries = Object.entries(listeners) as [keyof typeof listeners, (event: DragEvent) => void][];
    for (const [name, listener] of entries) document.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of entries) document.removeEventListener(name, listener);
    };
  }, [conversationId]);
  return isOver;
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false;
}
