import { describe, it } from 'vitest';
import { checkReplies } from '../harness/faults/reply-property.ts';

describe('a reply, whatever happens in whatever order', () => {
  it('keeps its promises over many more interleavings than npm test has time for', async () => {
    await checkReplies(300);
  });
});
