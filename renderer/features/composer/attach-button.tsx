import { Paperclip } from 'lucide-react';
import { pickFiles } from '../../lib/attachment-actions.ts';

/** Opens the system's dialog for files. */
export function AttachButton({ conversationId }: { readonly conversationId: string | null }) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Attach"
      title="Attach pictures, PDF, text or code; or drop and paste them"
      onClick={() => void pickFiles(conversationId)}
    >
      <Paperclip size={15} aria-hidden />
    </button>
  );
}
