import {
  clipboard,
  Menu,
  type BrowserWindow,
  type ContextMenuParams,
  type MenuItemConstructorOptions,
} from 'electron';

/** Shows what can be done with the text, link or picture under the pointer; nothing when that is nothing. */
export function showContextMenu(window: BrowserWindow, target: ContextMenuParams): void {
  const template = contextMenuTemplate(target, {
    copyLink: (link) => void clipboard.writeText(link),
    copyPicture: () => window.webContents.copyImageAt(target.x, target.y),
  });
  if (template.length > 0) Menu.buildFromTemplate([...template]).popup({ window });
}

/** What a context menu is made of. */
export type ContextMenuTarget = Pick<
  ContextMenuParams,
  'isEditable' | 'selectionText' | 'linkURL' | 'editFlags' | 'mediaType' | 'hasImageContents'
>;

/** What its entries do that no role does. */
export interface ContextMenuActions {
  /** Puts an address on the clipboard. */
  readonly copyLink: (link: string) => void;
  /** Puts the picture under the pointer there. */
  readonly copyPicture: () => void;
}

/** The entries for a place on the page. */
export function contextMenuTemplate(
  target: ContextMenuTarget,
  { copyLink, copyPicture }: ContextMenuActions,
): readonly MenuItemConstructorOptions[] {
  const all = [editGroup(target), linkGroup(target, copyLink), pictureGroup(target, copyPicture)];
  const groups = all.filter((group) => group.length > 0);
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

function pictureGroup(
  { mediaType, hasImageContents }: ContextMenuTarget,
  copyPicture: () => void,
): MenuItemConstructorOptions[] {
  return mediaType === 'image' && hasImageContents ? [{ label: 'Copy Picture', click: copyPicture }] : [];
}
