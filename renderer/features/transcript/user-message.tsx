import { memo } from 'react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { CopyButton } from '../../components/copy-button.tsx';

/** What the person asked, exactly as it was typed. */
export const UserMessage = memo(function UserMessage({ message }: { readonly message: ShownMessage }) {
  return (
    <article
      aria-label="You"
      data-message={message.id}
      className="group/message flex flex-col items-end rounded-xl"
    >
      <div
        dir="auto"
        className="prose prose-plain max-w-[88%] rounded-xl rounded-br-sm border border-line bg-sunken px-4 py-2.5"
      >
        {message.text}
      </div>
      <div className="mt-1 flex h-7 opacity-0 transition-opacity group-focus-within/message:opacity-100 group-hover/message:opacity-100">
        <CopyButton text={message.text} name="Copy" />
      </div>
    </article>
  );
});
