import { describe, expect, it } from 'vitest';
import { cutStretches, findKeysInText, findOtherProvider, readKeyShape } from './key-shape.ts';

const TAIL = 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3';

describe('readKeyShape', () => {
  it.each([
    [`sk-proj-${TAIL}`, 'OpenAI', 'project'],
    [`sk-svcacct-${TAIL}`, 'OpenAI', 'project'],
    [`sk-admin-${TAIL}`, 'OpenAI', 'admin'],
    [`sk-${TAIL}`, 'OpenAI', 'account'],
    [`sk-or-v1-${TAIL}`, 'OpenRouter', 'account'],
    [`sk-ant-api03-${TAIL}`, 'Anthropic', 'unknown'],
    [`sk-ant-admin01-${TAIL}`, 'Anthropic', 'admin'],
    [`gsk_${TAIL}`, 'Groq', 'unknown'],
    ['0123456789abcdef0123456789abcdef', null, 'unknown'],
    ['sk-short', null, 'unknown'],
  ])('reads %s', (key, provider, breadth) => {
    expect(readKeyShape(key)).toEqual({ provider, breadth });
  });
});

describe('findOtherProvider', () => {
  it.each([
    [`sk-ant-api03-${TAIL}`, 'openai', 'Anthropic'],
    [`sk-or-v1-${TAIL}`, 'openai', 'OpenRouter'],
    [`sk-proj-${TAIL}`, 'openrouter', 'OpenAI'],
    [`sk-proj-${TAIL}`, 'openai', null],
    [`sk-or-v1-${TAIL}`, 'openrouter', null],
    [`sk-ant-api03-${TAIL}`, 'compatible', null],
    ['a-key-of-no-known-shape-1234567890', 'openai', null],
  ] as const)('judges %s for %s', (key, kind, expected) => {
    expect(findOtherProvider(key, kind)).toBe(expected);
  });
});

describe('findKeysInText', () => {
  it.each([
    `sk-proj-${TAIL}`,
    `my key is sk-${TAIL}, please check`,
    `"sk-ant-api03-${TAIL}"`,
    `export OPENAI_API_KEY=sk-svcacct-${TAIL}\n`,
    `gsk_${TAIL}`,
    `AIza${TAIL}`,
  ])('finds one in %s', (text) => {
    const [found, ...others] = findKeysInText(text);
    expect(others).toEqual([]);
    expect(text.slice(found?.start, (found?.start ?? 0) + (found?.length ?? 0))).toContain(TAIL);
  });

  it.each([
    'A key begins with sk-proj- and then some characters.',
    'sk-or-v1-',
    'task-0123456789abcdefghijklmnop',
    'sk-learn-and-other-words-of-a-long-name',
    'desk-aB3dE5fG7hJ9kL1mN3pQ5rS7tU9',
    'sk-...4f2a',
    '',
  ])('finds none in %j', (text) => {
    expect(findKeysInText(text)).toEqual([]);
  });

  it('finds several, and cuts them out', () => {
    const text = `a sk-${TAIL} b gsk_${TAIL} c`;
    expect(cutStretches(text, findKeysInText(text))).toBe('a  b  c');
  });

  it('takes no time over text made to cost some', () => {
    const text = 'sk-'.repeat(200_000);
    expect(findKeysInText(text)).toEqual([]);
  });
});
