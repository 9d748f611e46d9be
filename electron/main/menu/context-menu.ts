import {
  clipboard,
  Menu,
  type BrowserWindow,
  type ContextMenuParams,
  type MenuItemConstructorOptions,
} from 'electron';

/** Shows what can be done with the text or link under the pointer; nothing when that is nothing. */
export function showContextMenu(window: BrowserWindow, target: ContextMenuParams): void {
  const template = contextMenuTemplate(target, (link) => void clipboard.writeText(link));
  if (template.length > 0) Menu.buildFromTemplate([...template]).popup({ window });
}

/** What a context menu is made of. */
export type ContextMenuTarget = Pick<
  ContextMenuParams,
  'isEditable' | 'selectionText' | 'linkURL' | 'editFlags'
>;

/** The entries for a place on the page. `copyLink` puts an address on the clipboard. */
export function contextMenuTemplate(
  target: ContextMenuTarget,
  copyLink: (link: string) => void,
): readonly MenuItemConstructorOptions[] {
  const groups = [editGroup(target), linkGroup(target, copyLink)].filter((group) => group.length > 0);
  return groups.flatMap((group, index) => (index === 0 ? group : [{ type: 'separator' as const }, ...group]));
}

function editGroup({
  isEditable,
  selectionText,
  editFlags,
}: ContextMenuTarget): MenuItemConstructorOptions[] {
  if (isEditable) {
    return [
      { role: 'undo', enabled: editFlags.canUndo },
      { role: 'redo', enabled: editFlags.canRedo },
      { type: 'separator' },
      { role: 'cut', enabled: editFlags.canCut },
      { role: 'copy', enabled: editFlags.canCopy },
      { role: 'paste', enabled: editFlags.canPaste },
      { role: 'selectAll', enabled: editFlags.canSelectAll },
    ];
  }
  return selectionText.trim() === '' ? [] : [{ role: 'copy' }, { role: 'selectAll' }];
}

function linkGroup(
  { linkURL }: ContextMenuTarget,
  copyLink: (link: string) => void,
): MenuItemConstructorOptions[] {
  return /^(?:https:|mailto:)/i.test(linkURL)
    ? [{ label: 'Copy Link Address', click: () => copyLink(linkURL) }]
    : [];
}
