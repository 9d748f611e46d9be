import { describe, it } from 'vitest';
import { checkReplies } from '../../harness/faults/reply-property.ts';

describe('a reply, whatever happens in whatever order', () => {
  it('ends once, keeps a prefix of what was sent, shows what it stored, and asks no more than it may', async () => {
    await checkReplies(40);
  });
});
