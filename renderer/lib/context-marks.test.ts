import { describe, expect, it } from 'vitest';
import type { ShownMessage } from '../../electron/contract/model/conversation.ts';
import { contextMarksOf } from './context-marks.ts';

/** A path of questions and answers; each number is what an answer's request left out. */
function path(...omitted: readonly number[]): ShownMessage[] {
  return omitted.flatMap((omittedCount, index) => [
    message(`q${index}`, 'user', 0),
    message(`a${index}`, 'assistant', omittedCount),
  ]);
}

function message(id: string, role: 'user' | 'assistant', omittedCount: number): ShownMessage {
  return {
    id,
    conversationId: 'c',
    parentId: null,
    role,
    text: '',
    attachments: [],
    reasoning: '',
    citations: [],
    toolName: null,
    omittedCount,
    state: 'done',
    error: null,
    model: null,
    usage: null,
    createdAt: 0,
    variantIds: [id],
  };
}

const upTo = (upToMessageId: string) => ({ text: 'x', upToMessageId });

describe('contextMarksOf', () => {
  it.each([
    ['an empty conversation', [], null, 0, 0],
    ['one that was sent whole', path(0, 0), null, 0, 0],
    ['what the last request left out', path(0, 2, 4), null, 0, 4],
    ['a last request that left out less than one before', path(0, 2, 0), null, 0, 0],
    ['a summary', path(0, 0, 0), upTo('a0'), 2, 0],
    ['a summary that still left too much', path(0, 0, 0, 4), upTo('a0'), 2, 4],
    ['a summary that was made after something was left out', path(0, 0, 0, 4), upTo('a1'), 4, 0],
    ['a summary of another path', path(0, 0), upTo('elsewhere'), 0, 0],
    ['more left out than there is', path(9), null, 0, 1],
  ] as const)('reads %s', (_name, messages, summary, summarisedCount, omittedCount) => {
    expect(contextMarksOf({ messages: [...messages], summary })).toEqual({ summarisedCount, omittedCount });
  });
});
