import { Pencil } from 'lucide-react';
import { memo } from 'react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { useEdit } from '../../lib/edit-store.ts';
import { editMessage } from '../../lib/message-actions.ts';
import { MessageActionsRow } from './message-actions-row.tsx';
import { MessageEditor } from './message-editor.tsx';
import { MessageFiles } from './message-files.tsx';

interface UserMessageProps {
  readonly message: ShownMessage;
  readonly isLast: boolean;
}

/** What the person asked, exactly as it was typed; editable where it stands. */
export const UserMessage = memo(function UserMessage({ message, isLast }: UserMessageProps) {
  const isEdited = useEdit((state) => state.messageId === message.id);
  return (
    <article
      aria-label="You"
      data-message={message.id}
      className="group/message flex flex-col items-end rounded-xl"
    >
      {isEdited ? (
        <MessageEditor message={message} />
      ) : (
        <>
          <MessageFiles files={message.attachments} />
          {message.text !== '' && (
            <div
              dir="auto"
              className="prose prose-plain max-w-[88%] rounded-xl rounded-br-sm border border-line bg-sunken px-4 py-2.5"
            >
              {message.text}
            </div>
          )}
          <div className={`mt-1 ${isLast ? '' : '-mb-7'}`}>
            <MessageActionsRow
              message={message}
              text={message.text}
              isLast={isLast}
              main={<EditButton message={message} />}
            />
          </div>
        </>
      )}
    </article>
  );
});

function EditButton({ message }: { readonly message: ShownMessage }) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Edit"
      title="Edit: ask in other words and keep this version"
      onClick={() => editMessage(message)}
    >
      <Pencil size={14} aria-hidden />
    </button>
  );
}
