/** A message as far as the tree is concerned. */
export interface TreeNode {
  readonly id: string;
  /** null for the first message of a conversation; siblings are variants. */
  readonly parentId: string | null;
}

/** The messages of a conversation as they hang together. Removed ones are not in it. */
export interface MessageTree {
  readonly parents: ReadonlyMap<string, string | null>;
  /** By parent, oldest first. */
  readonly children: ReadonlyMap<string | null, readonly string[]>;
  /** By parent, the child that was shown last; it may be gone. */
  readonly shown: ReadonlyMap<string | null, string>;
}

/** A place where the shown path could have gone another way. */
export interface Fork {
  readonly parentId: string | null;
  readonly messageId: string;
}

/** Builds the tree from its messages, oldest first, and from what is remembered of its forks. */
export function growTree(nodes: readonly TreeNode[], shown: MessageTree['shown']): MessageTree {
  const parents = new Map<string, string | null>();
  const children = new Map<string | null, string[]>();
  for (const { id, parentId } of nodes) {
    parents.set(id, parentId);
    const siblings = children.get(parentId);
    if (siblings === undefined) children.set(parentId, [id]);
    else siblings.push(id);
  }
  return { parents, children, shown };
}

/** The end of the path that is shown below a message, or below all roots for null; null when there is none. */
export function shownLeaf({ children, shown }: MessageTree, messageId: string | null): string | null {
  let leaf = messageId;
  for (;;) {
    const next = children.get(leaf) ?? [];
    const remembered = shown.get(leaf);
    // What was shown last may be removed: then the newest.
    const child = remembered !== undefined && next.includes(remembered) ? remembered : next.at(-1);
    if (child === undefined) return leaf;
    leaf = child;
  }
}

/** A message and everything below it, in every variant; parents before their children. */
export function messagesBelow({ parents, children }: MessageTree, messageId: string): string[] {
  if (!parents.has(messageId)) return [];
  const found = [messageId];
  // The array grows while it is walked.
  for (const id of found) found.push(...(children.get(id) ?? []));
  return found;
}

/** The forks on the way from a root to a message, with the way that was taken. */
export function forksTo({ parents, children }: MessageTree, messageId: string | null): Fork[] {
  const forks: Fork[] = [];
  for (let id = messageId; id !== null && parents.has(id); id = parents.get(id) ?? null) {
    const parentId = parents.get(id) ?? null;
    if ((children.get(parentId)?.length ?? 0) > 1) forks.push({ parentId, messageId: id });
  }
  return forks;
}
