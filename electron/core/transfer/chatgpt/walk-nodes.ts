import { nodeSchema, type ChatGPTNode } from './chatgpt-schema.ts';

/** A node on the way from the root down. */
export interface WalkedNode {
  readonly key: string;
  readonly node: ChatGPTNode;
  /** The node above it; null for a root, and for one whose parent is missing or is below itself. */
  readonly parentKey: string | null;
}

/**
 * Every node once, parents before their children and siblings in the order of their parent's list, however broken the links
 * are: circles are cut open, and what nothing leads to is a root.
 */
export function* walkNodes(mapping: Readonly<Record<string, unknown>>): Generator<WalkedNode> {
  const nodes = new Map<string, ChatGPTNode>();
  for (const [key, value] of Object.entries(mapping)) {
    const parsed = nodeSchema.safeParse(value);
    if (parsed.success) nodes.set(key, parsed.data);
  }
  const parents = findParents(nodes);
  const children = findChildren(nodes, parents);
  const visited = new Set<string>();
  const rootsFirst = [...nodes.keys()].filter((key) => parents.get(key) === undefined);
  // A circle has no root: the first of its nodes becomes one.
  for (const root of [...rootsFirst, ...nodes.keys()]) yield* walkDown(root, { nodes, children, visited });
}

interface Tree {
  readonly nodes: ReadonlyMap<string, ChatGPTNode>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly visited: Set<string>;
}

/** With a list of its own instead of recursion: a chain can be longer than the stack. */
function* walkDown(root: string, { nodes, children, visited }: Tree): Generator<WalkedNode> {
  const waiting: { readonly key: string; readonly parentKey: string | null }[] = [
    { key: root, parentKey: null },
  ];
  for (;;) {
    const next = waiting.pop();
    if (next === undefined) return;
    const node = nodes.get(next.key);
    if (node === undefined || visited.has(next.key)) continue;
    visited.add(next.key);
    yield { ...next, node };
    const below = children.get(next.key) ?? [];
    for (let at = below.length - 1; at >= 0; at -= 1)
      waiting.push({ key: below[at] ?? '', parentKey: next.key });
  }
}

/** By what a node says itself; where it says nothing, by who names it as a child. */
function findParents(nodes: ReadonlyMap<string, ChatGPTNode>): Map<string, string> {
  const parents = new Map<string, string>();
  for (const [key, { parent }] of nodes)
    if (typeof parent === 'string' && nodes.has(parent)) parents.set(key, parent);
  for (const [key, { children }] of nodes)
    for (const child of children ?? [])
      if (typeof child === 'string' && nodes.has(child) && !parents.has(child) && child !== key)
        parents.set(child, key);
  return parents;
}

function findChildren(
  nodes: ReadonlyMap<string, ChatGPTNode>,
  parents: ReadonlyMap<string, string>,
): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  const add = (parent: string, child: string): void => {
    const list = found.get(parent);
    if (list === undefined) found.set(parent, new Set([child]));
    else list.add(child);
  };
  // First in the order in which the parent lists them, then whoever only names the parent.
  for (const [key, { children }] of nodes)
    for (const child of children ?? [])
      if (typeof child === 'string' && parents.get(child) === key) add(key, child);
  for (const [child, parent] of parents) add(parent, child);
  return new Map([...found].map(([key, list]) => [key, [...list]]));
}
