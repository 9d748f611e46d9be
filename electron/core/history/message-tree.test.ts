import { describe, expect, it } from 'vitest';
import { forksTo, growTree, messagesBelow, shownLeaf, type MessageTree } from './message-tree.ts';

/** Questions a and g at the root; a was answered twice (b, c), c went on in two ways (d and e), e was answered (f). */
function tree(shown: readonly (readonly [string | null, string])[] = []): MessageTree {
  const nodes = [
    ['a', null],
    ['b', 'a'],
    ['c', 'a'],
    ['d', 'c'],
    ['e', 'c'],
    ['f', 'e'],
    ['g', null],
  ] as const;
  return growTree(
    nodes.map(([id, parentId]) => ({ id, parentId })),
    new Map(shown),
  );
}

describe('the shown path', () => {
  it('goes the newest way where nothing else is remembered', () => {
    expect(shownLeaf(tree(), null)).toBe('g');
    expect(shownLeaf(tree(), 'a')).toBe('f');
  });

  it('goes the remembered way at every fork, and the newest where that is gone', () => {
    const remembered = [
      [null, 'a'],
      ['a', 'c'],
      ['c', 'd'],
    ] as const;
    expect(shownLeaf(tree(remembered), null)).toBe('d');
    expect(shownLeaf(tree([...remembered, ['c', 'gone']]), null)).toBe('f');
  });

  it('ends nowhere in an empty conversation', () => {
    expect(shownLeaf(growTree([], new Map()), null)).toBeNull();
  });
});

describe('what hangs below a message', () => {
  it('is every variant, parents first', () => {
    expect(messagesBelow(tree(), 'a')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(messagesBelow(tree(), 'b')).toEqual(['b']);
    expect(messagesBelow(tree(), 'unknown')).toEqual([]);
  });
});

describe('the forks on a path', () => {
  it('are the places with more than one way', () => {
    expect(forksTo(tree(), 'f')).toEqual([
      { parentId: 'c', messageId: 'e' },
      { parentId: 'a', messageId: 'c' },
      { parentId: null, messageId: 'a' },
    ]);
    expect(forksTo(tree(), null)).toEqual([]);
  });
});
