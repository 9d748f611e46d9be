import { describe, expect, it } from 'vitest';
import type { Message } from '../../contract/model/conversation.ts';
import { PLAIN_MESSAGE } from '../../contract/model/plain.ts';
import { chooseSummaryPoint } from './choose-summary-point.ts';

/** Messages of 100 tokens, by their roles: `u` and `a`, `x` for an answer that said nothing. */
function path(roles: string): Message[] {
  return [...roles].map((letter, index) => ({
    ...PLAIN_MESSAGE,
    id: String(index),
    conversationId: 'c',
    parentId: null,
    role: letter === 'u' ? 'user' : 'assistant',
    text: letter === 'x' ? '' : '.'.repeat(384),
    state: 'done',
    model: null,
    createdAt: 0,
  }));
}

describe('chooseSummaryPoint', () => {
  it.each([
    ['nothing', '', null, null],
    ['one question', 'u', null, null],
    ['one exchange', 'ua', null, null],
    ['two exchanges: the first', 'uaua', null, 1],
    ['a question that failed: all before it', 'uaux', null, 1],
    ['eight exchanges: half of them', 'uauauauauauauaua', null, 7],
    ['a small window: all but the last exchange', 'uauauauauauauaua', 400, 13],
    ['a tiny window: still not the last question', 'uauauauauauauaua', 1, 13],
    ['a large window: no more than half', 'uauauauauauauaua', 1_000_000, 7],
    ['two answers in a row: at a question', 'uaauaaua', null, 5],
  ])('of %s', (_name, roles, windowTokens, point) => {
    expect(chooseSummaryPoint(path(roles), windowTokens)).toBe(point);
  });
});
