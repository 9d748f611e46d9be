import { useEffect } from 'react';
import { hideToast, useView } from '../lib/view-store.ts';
import type { Toast } from '../lib/view-store.ts';

/** A short message at the bottom, with a way back where there is one. */
export function ToastArea() {
  const toast = useView((state) => state.toast);
  return (
    <div
      role="status"
      aria-label="Notification"
      className="pointer-events-none fixed inset-x-0 bottom-6 z-30 flex justify-center"
    >
      {toast !== null && <ToastCard key={toast.id} toast={toast} />}
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
    <div className="popup pointer-events-auto flex items-center gap-3 py-2 pr-2 pl-4">
      <span className="max-w-[420px] truncate">{toast.text}</span>
      {undo !== null && (
        <button
          type="button"
          className="button button-small text-accent"
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
