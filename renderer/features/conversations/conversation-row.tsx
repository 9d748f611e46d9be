import { ContextMenu } from '@base-ui/react/context-menu';
import { Menu } from '@base-ui/react/menu';
import { Ellipsis, FileDown, GitBranch, Pencil, ScrollText, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ConversationSummary } from '../../../electron/contract/model/conversation.ts';
import type { Target } from '../../lib/chat-actions.ts';
import { removeConversation, renameConversation } from '../../lib/conversation-actions.ts';
import { summarise } from '../../lib/summaries.ts';
import { exportConversation } from '../../lib/transfer-actions.ts';
import { showConversation, useView } from '../../lib/view-store.ts';

interface ConversationRowProps {
  readonly row: ConversationSummary;
  /** The day it is the first of, or null. */
  readonly heading: string | null;
}

/** One conversation of the sidebar. */
export function ConversationRow({ row, heading }: ConversationRowProps) {
  const isShown = useView((state) => state.conversationId === row.id);
  const isRenaming = useView((state) => state.renamingId === row.id);
  return (
    <li className="mb-px">
      {heading !== null && (
        <span className="block px-2 pt-3 pb-1 text-[12px] leading-4 text-ink-3">{heading}</span>
      )}
      {isRenaming ? <RenameField row={row} /> : <RowButton row={row} isShown={isShown} />}
    </li>
  );
}

/** As main names branches: their end would be the first thing cut off, though it is what tells them apart. */
const BRANCH_TITLE = /^(.+) \(branch(?: (\d+))?\)$/s;

function Title({ title }: { readonly title: string }) {
  const [, source, number = ''] = BRANCH_TITLE.exec(title) ?? [];
  if (source === undefined) return title;
  return (
    <>
      <GitBranch size={12} className="mr-1 inline-block align-[-1px] text-ink-3" aria-hidden />
      {number !== '' && <span className="mr-1 text-[12px] text-ink-3">{number}</span>}
      {source}
    </>
  );
}

function RowButton({ row, isShown }: { readonly row: ConversationSummary; readonly isShown: boolean }) {
  const { connectionId, keyId, model } = row;
  const target = connectionId === null || model === null ? null : { connectionId, keyId, model };
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        className={`group/row flex h-8 items-center rounded-[7px] ${isShown ? 'bg-selected' : 'hover:bg-hover'}`}
      >
        <button
          type="button"
          data-row={row.id}
          aria-current={isShown ? 'page' : undefined}
          title={row.title}
          aria-label={row.title}
          dir="auto"
          className="h-8 min-w-0 flex-1 truncate rounded-[7px] px-2 text-start focus-visible:-outline-offset-2"
          onClick={() => showConversation(row.id)}
        >
          <Title title={row.title} />
        </button>
        <Menu.Root>
          <Menu.Trigger
            className="icon-button mr-0.5 w-0 overflow-hidden opacity-0 group-hover/row:w-7 group-hover/row:opacity-100 focus-visible:w-7 focus-visible:opacity-100 data-popup-open:w-7 data-popup-open:opacity-100"
            aria-label="Conversation actions"
          >
            <Ellipsis size={15} aria-hidden className="shrink-0" />
          </Menu.Trigger>
          <Menu.Portal>
            <Menu.Positioner className="z-30" align="end" sideOffset={4}>
              <Menu.Popup className="popup min-w-[168px] p-1">
                <Menu.Item className="menu-item" onClick={() => startRenaming(row.id)}>
                  <RenameLabel />
                </Menu.Item>
                {target !== null && (
                  <Menu.Item className="menu-item" onClick={() => startSummary(row.id, target)}>
                    <SummariseLabel />
                  </Menu.Item>
                )}
                <Menu.Item className="menu-item" onClick={() => void exportConversation(row.id)}>
                  <ExportLabel />
                </Menu.Item>
                <Menu.Item className="menu-item text-danger" onClick={() => void removeConversation(row.id)}>
                  <DeleteLabel />
                </Menu.Item>
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="z-30">
          <ContextMenu.Popup className="popup min-w-[168px] p-1">
            <ContextMenu.Item className="menu-item" onClick={() => startRenaming(row.id)}>
              <RenameLabel />
            </ContextMenu.Item>
            {target !== null && (
              <ContextMenu.Item className="menu-item" onClick={() => startSummary(row.id, target)}>
                <SummariseLabel />
              </ContextMenu.Item>
            )}
            <ContextMenu.Item className="menu-item" onClick={() => void exportConversation(row.id)}>
              <ExportLabel />
            </ContextMenu.Item>
            <ContextMenu.Item
              className="menu-item text-danger"
              onClick={() => void removeConversation(row.id)}
            >
              <DeleteLabel />
            </ContextMenu.Item>
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function RenameLabel() {
  return (
    <>
      <Pencil size={14} aria-hidden />
      Rename
      <span className="ml-auto pl-4 text-[12px] text-ink-3">F2</span>
    </>
  );
}

function ExportLabel() {
  return (
    <>
      <FileDown size={14} aria-hidden />
      Export as Markdown…
    </>
  );
}

function SummariseLabel() {
  return (
    <>
      <ScrollText size={14} aria-hidden />
      Summarise earlier messages
    </>
  );
}

/** Shows the conversation, where the summary is seen to grow. */
function startSummary(id: string, target: Target): void {
  showConversation(id);
  void summarise(id, target);
}

function DeleteLabel() {
  return (
    <>
      <Trash2 size={14} aria-hidden />
      Delete
      <span className="ml-auto pl-4 text-[12px] text-ink-3">Del</span>
    </>
  );
}

function startRenaming(id: string): void {
  // The menu gives the focus back to its button when it has closed; the field takes it after that.
  setTimeout(() => useView.setState({ renamingId: id }), 50);
}

function RenameField({ row }: { readonly row: ConversationSummary }) {
  const ref = useRef<HTMLInputElement>(null);
  const isCancelled = useRef(false);
  useEffect(() => {
    ref.current?.focus();
    ref.current?.select();
  }, []);
  const finish = (): void => {
    const title = ref.current?.value.trim() ?? '';
    useView.setState({ renamingId: null });
    if (!isCancelled.current && title !== '' && title !== row.title) void renameConversation(row.id, title);
  };
  return (
    <input
      ref={ref}
      data-row={row.id}
      aria-label="Title"
      defaultValue={row.title}
      maxLength={200}
      dir="auto"
      className="field h-8 px-[7px]"
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Escape') isCancelled.current = true;
        if (event.key !== 'Escape' && (event.key !== 'Enter' || event.nativeEvent.isComposing)) return;
        event.stopPropagation();
        event.currentTarget.blur();
      }}
    />
  );
}
