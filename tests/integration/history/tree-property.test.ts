import { describe, it } from 'vitest';
import { checkTrees } from '../../harness/tree-property.ts';

describe('the tree of messages, whatever is done to it in whatever order', () => {
  it('shows, counts, finds and forgets what a plain model of it does', { timeout: 120_000 }, () => {
    checkTrees(50);
  });
});
