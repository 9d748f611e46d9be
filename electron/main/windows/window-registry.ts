import type { WebContents } from 'electron';
import type { WindowKind } from '../../contract/define-route.ts';

/** The windows Latchkey made, by their `webContents`: the only source of a caller's kind. */
export interface WindowRegistry {
  /** Remembers a window until it is destroyed. */
  add(webContents: WebContents, kind: WindowKind): void;
  kindOf(webContents: WebContents): WindowKind | null;
  /** Open windows of one kind. */
  list(kind: WindowKind): readonly WebContents[];
}

/** Builds an empty registry. */
export function createWindowRegistry(): WindowRegistry {
  const kinds = new Map<WebContents, WindowKind>();
  return {
    add(webContents, kind) {
      kinds.set(webContents, kind);
      webContents.once('destroyed', () => kinds.delete(webContents));
    },
    kindOf: (webContents) => kinds.get(webContents) ?? null,
    list: (kind) =>
      [...kinds]
        .filter(([contents, its]) => its === kind && !contents.isDestroyed())
        .map(([contents]) => contents),
  };
}
