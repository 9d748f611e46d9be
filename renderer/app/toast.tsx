import { useEffect } from 'react';
import { hideToast, useView } from '../lib/view-store.ts';
import type { Toast } from '../lib/view-store.ts';

/** A short message above the composer, with a way back where there is one. It covers neither the composer nor the way to the end. */
export function ToastArea() {
  const toast = useView((state) => state.toast);
  return (
    <div
      role="status"
      aria-label="Notification"
      className="peer-data-scrolled/transcript:[--above:52px] pointer-events-none relative z-50 h-0 [--above:12px]"
    >
      {toast !== null && (
        <div className="absolute inset-x-6 bottom-(--above) flex justify-center">
          <ToastCard key={toast.id} toast={toast} />
        </div>
      )}
    </div>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  const { id, durationMs, undo, undoLabel = 'Undo' } = toast;
  // Not held open under the pointer: past its time main has purged what Undo would bring back.
  useEffect(() => {
    const timer = setTimeout(() => hideToast(id), durationMs);
    return () => clearTimeout(timer);
  }, [id, durationMs]);
  return (
    <div className="popup pointer-events-auto flex min-w-0 items-center gap-3 py-2 pr-2 pl-4">
      <span className="max-w-[420px] line-clamp-2 min-w-0 wrap-anywhere">{toast.text}</span>
      {undo !== null && (
        <button
          type="button"
          className="button button-small shrink-0 text-accent"
          onClick={() => {
            hideToast(id);
            undo();
          }}
        >
          {undoLabel}
        </button>
      )}
    </div>
  );
}
