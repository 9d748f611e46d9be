import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WireEvent } from '../../contract/contract.ts';
import { NoticeBoard } from '../notices/notice-board.ts';
import { OPEN_POLICY, type Policy } from '../policy/policy.ts';
import { LinkInbox } from './link-inbox.ts';

function openInbox(policy: Pick<Policy, 'allowsDeepLinks'> = OPEN_POLICY) {
  const events: WireEvent[] = [];
  const sink = { emit: (event: WireEvent) => events.push(event) };
  const ids = { next: () => randomUUID() };
  const notices = new NoticeBoard(sink, ids);
  return { events, notices, inbox: new LinkInbox({ events: sink, ids, notices, policy }) };
}

describe('LinkInbox', () => {
  it('shows prompts one at a time, oldest first', () => {
    const { inbox } = openInbox();
    inbox.receive('latchkey://v1/chat?prompt=one');
    inbox.receive('latchkey://v1/chat?prompt=two');
    expect(inbox.pending()?.prompt).toBe('one');
    inbox.settle(inbox.pending()?.id ?? '');
    expect(inbox.pending()?.prompt).toBe('two');
    inbox.settle(inbox.pending()?.id ?? '');
    expect(inbox.pending()).toBeNull();
  });

  it('turns what it refuses into a notice that does not quote the link', () => {
    const { inbox, notices, events } = openInbox();
    inbox.receive('latchkey://v1/chat?prompt=secret-words&send=1');
    expect(inbox.pending()).toBeNull();
    expect(notices.list()).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain('secret-words');
  });

  it('refuses every link where the organisation turned them off, and says so once', () => {
    const { inbox, notices, events } = openInbox({ allowsDeepLinks: false });
    for (let index = 0; index < 50; index += 1) inbox.receive('latchkey://v1/chat?prompt=secret-words');
    inbox.receive('latchkey://nonsense');
    expect(inbox.pending()).toBeNull();
    expect(notices.list().map(({ error }) => error.code)).toEqual(['policy/deep-links']);
    expect(JSON.stringify(events)).not.toContain('secret-words');
  });

  it('drops a flood and keeps what already waits', () => {
    const { inbox } = openInbox();
    for (let index = 0; index < 1_000; index += 1) inbox.receive(`latchkey://v1/chat?prompt=p${index}`);
    const seen: string[] = [];
    for (let prompt = inbox.pending(); prompt !== null; prompt = inbox.pending()) {
      seen.push(prompt.prompt);
      inbox.settle(prompt.id);
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => `p${index}`));
  });
});
