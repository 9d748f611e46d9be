import { Menu } from '@base-ui/react/menu';
import { Ellipsis, GitBranch, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ShownMessage } from '../../../electron/contract/model/conversation.ts';
import { Confirm } from '../../components/confirm.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { branchAt, countBelow, removeMessage } from '../../lib/message-actions.ts';
import { VariantSwitch } from './variant-switch.tsx';

interface MessageActionsRowProps {
  readonly message: ShownMessage;
  /** What is copied; nothing is when it is ''. */
  readonly text: string;
  /** Shown without being pointed at. */
  readonly isLast: boolean;
  /** The button after Copy. */
  readonly main: ReactNode;
  /** What stands behind the buttons. */
  readonly children?: ReactNode;
}

/** What can be done with a message: seen when it is pointed at or has the focus. */
export function MessageActionsRow({ message, text, isLast, main, children }: MessageActionsRowProps) {
  const visibility = isLast
    ? ''
    : 'opacity-0 transition-opacity group-focus-within/message:opacity-100 group-hover/message:opacity-100 has-data-popup-open:opacity-100';
  return (
    <div className={`flex h-7 items-center gap-0.5 ${visibility}`}>
      {text !== '' && <CopyButton text={text} name="Copy" />}
      {main}
      <button
        type="button"
        className="icon-button"
        aria-label="Branch"
        title="Branch: go on from here in a new conversation"
        onClick={() => void branchAt(message)}
      >
        <GitBranch size={14} aria-hidden />
      </button>
      <MoreMenu message={message} isLast={isLast} />
      <VariantSwitch message={message} />
      {children}
    </div>
  );
}

function MoreMenu({ message, isLast }: Pick<MessageActionsRowProps, 'message' | 'isLast'>) {
  /** How many messages go, while that is being asked about; 0 when it is not. */
  const [count, setCount] = useState(0);
  const remove = async (): Promise<void> => {
    const found = await countBelow(message);
    // A question with its answer, or an answer alone, is what anybody expects: that goes at once, and Undo brings it back.
    if (found === null) return;
    if (found > (message.role === 'user' ? 2 : 1)) setCount(found);
    else await removeMessage(message);
  };
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className="icon-button data-popup-open:bg-hover" aria-label="More" title="More">
          <Ellipsis size={15} aria-hidden />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="z-30" align="end" sideOffset={4}>
            <Menu.Popup className="popup min-w-[168px] p-1">
              <Menu.Item className="menu-item text-danger" onClick={() => void remove()}>
                <Trash2 size={14} aria-hidden />
                {isLast ? 'Delete' : 'Delete with what follows'}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <Confirm
        isOpen={count > 0}
        title={`Delete ${count} messages?`}
        body={bodyFor(count)}
        verb="Delete"
        onConfirm={() => void removeMessage(message)}
        onClose={() => setCount(0)}
      />
    </>
  );
}

function bodyFor(count: number): string {
  const others = count === 2 ? 'the one that follows it' : `the ${count - 1} that follow it`;
  return `This message goes with ${others}, in all variants. Other versions of this message stay. You can undo it for some seconds; after that it leaves the backups too.`;
}
