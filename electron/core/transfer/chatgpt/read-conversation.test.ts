import { describe, expect, it } from 'vitest';
import { findTreeProblem, transferredConversationSchema } from '../../history/transfer/transferred.ts';
import { readConversation, type ReadConversation } from './read-conversation.ts';

const NOW = 1_800_000_000_000;

interface Plan {
  readonly parent: string | null;
  readonly role?: string;
  readonly text?: string;
  readonly message?: unknown;
  readonly children?: readonly unknown[];
}

/** A conversation whose nodes are told by a plan. */
function conversationOf(plan: Readonly<Record<string, Plan>>, more: object = {}): unknown {
  const mapping = Object.fromEntries(
    Object.entries(plan).map(([key, { parent, role = 'user', text = key, message, children = [] }]) => [
      key,
      {
        id: key,
        parent,
        children,
        message:
          message === undefined
            ? {
                author: { role },
                content: { content_type: 'text', parts: [text] },
                create_time: 1_700_000_000,
              }
            : message,
      },
    ]),
  );
  return {
    title: 'T',
    create_time: 1_700_000_000,
    update_time: null,
    mapping,
    current_node: null,
    id: 'c',
    ...more,
  };
}

function read(value: unknown): ReadConversation {
  const outcome = readConversation(value, NOW);
  if (outcome.kind === 'problem') throw new Error(outcome.problem);
  // Whatever came in, what goes on is one of ours.
  transferredConversationSchema.parse(outcome.conversation);
  expect(findTreeProblem(outcome.conversation)).toBeNull();
  return outcome;
}

/** Texts with the texts they follow: `b<a` follows a. */
function treeOf(value: unknown): string[] {
  const { messages } = read(value).conversation;
  const texts = new Map(messages.map(({ id, text }) => [id, text]));
  return messages.map(({ text, parentId }) => (parentId === null ? text : `${text}<${texts.get(parentId)}`));
}

function said(role: string, content: unknown, more: object = {}): unknown {
  return { author: { role, name: null }, content, create_time: 1_700_000_000, ...more };
}

describe('the tree of a ChatGPT conversation', () => {
  it.each<[string, Readonly<Record<string, Plan>>, string[]]>([
    ['a chain', { a: { parent: null }, b: { parent: 'a' }, c: { parent: 'b' } }, ['a', 'b<a', 'c<b']],
    [
      'a chain told from its end',
      { c: { parent: 'b' }, b: { parent: 'a' }, a: { parent: null } },
      ['a', 'b<a', 'c<b'],
    ],
    [
      'branches, in the order of the list',
      { a: { parent: null, children: ['c', 'b'] }, b: { parent: 'a' }, c: { parent: 'a' } },
      ['a', 'c<a', 'b<a'],
    ],
    [
      'system and empty nodes, whose children move up',
      {
        root: { parent: null, message: null },
        s: { parent: 'root', role: 'system' },
        e: { parent: 's', text: '  ' },
        a: { parent: 'e' },
        h: {
          parent: 'a',
          message: said(
            'assistant',
            { content_type: 'text', parts: ['x'] },
            { metadata: { is_visually_hidden_from_conversation: true } },
          ),
        },
        b: { parent: 'h' },
      },
      ['a', 'b<a'],
    ],
    ['a parent that is not there', { a: { parent: 'gone' }, b: { parent: 'a' } }, ['a', 'b<a']],
    [
      'a parent that only the children name',
      { a: { parent: null, children: ['b'] }, b: { parent: null } },
      ['a', 'b<a'],
    ],
    ['a circle', { a: { parent: 'c' }, b: { parent: 'a' }, c: { parent: 'b' } }, ['a', 'b<a', 'c<b']],
    ['a node that is its own parent', { a: { parent: 'a', children: ['a'] } }, ['a']],
    [
      'children of wrong types',
      { a: { parent: null, children: [1, null, {}, 'b'] }, b: { parent: 'a' } },
      ['a', 'b<a'],
    ],
    ['several roots', { a: { parent: null }, b: { parent: null } }, ['a', 'b']],
  ])('is read from %s', (_name, plan, expected) => {
    expect(treeOf(conversationOf(plan))).toEqual(expected);
  });

  it('is read from a chain of 100,000 nodes, and from 20,000 children of one node', () => {
    const chain: Record<string, Plan> = {};
    const star: Record<string, Plan> = { n0: { parent: null } };
    for (let index = 0; index < 100_000; index += 1)
      chain[`n${index}`] = { parent: index === 0 ? null : `n${index - 1}` };
    for (let index = 1; index < 20_000; index += 1) star[`n${index}`] = { parent: 'n0' };
    expect(readConversation(conversationOf(chain), NOW)).toMatchObject({
      conversation: { messages: { length: 100_000 } },
    });
    expect(readConversation(conversationOf(star), NOW)).toMatchObject({
      conversation: { messages: { length: 20_000 } },
    });
  });

  it('shows the path to the current node, or to what is shown above it', () => {
    const plan = {
      a: { parent: null },
      b: { parent: 'a' },
      c: { parent: 'a' },
      s: { parent: 'b', role: 'system' },
    };
    const headOf = (current: string | null): string | undefined => {
      const { headId, messages } = read(conversationOf(plan, { current_node: current })).conversation;
      return messages.find(({ id }) => id === headId)?.text;
    };
    expect(headOf('b')).toBe('b');
    expect(headOf('s')).toBe('b');
    expect(headOf('nowhere')).toBe('c');
  });
});

describe('a ChatGPT message', () => {
  it.each<[string, unknown, object]>([
    [
      'a question',
      said('user', { content_type: 'text', parts: ['Hi', 'there'] }),
      { role: 'user', text: 'Hi\n\nthere', toolName: null },
    ],
    [
      'an answer with its model',
      said('assistant', { content_type: 'text', parts: ['Yo'] }, { metadata: { model_slug: 'gpt-4o' } }),
      { role: 'assistant', text: 'Yo', model: 'gpt-4o', state: 'done' },
    ],
    [
      'an answer that was stopped',
      said(
        'assistant',
        { content_type: 'text', parts: ['Yo'] },
        { metadata: { finish_details: { type: 'interrupted' } } },
      ),
      { state: 'cancelled' },
    ],
    [
      'a call of a tool',
      said('assistant', { content_type: 'code', text: 'print(1)' }, { recipient: 'python' }),
      { role: 'tool', toolName: 'python', text: 'print(1)' },
    ],
    [
      'what a tool answers',
      {
        author: { role: 'tool', name: 'browser' },
        content: { content_type: 'tether_browsing_display', result: 'found' },
      },
      { role: 'tool', toolName: 'browser', text: 'found' },
    ],
    [
      'a quote',
      {
        author: { role: 'tool', name: 'browser' },
        content: { content_type: 'tether_quote', title: 'T', url: 'https://e.org', text: 'q' },
      },
      { role: 'tool', text: 'T\nhttps://e.org\nq' },
    ],
    [
      'something spoken',
      said('user', {
        content_type: 'multimodal_text',
        parts: [
          { content_type: 'audio_transcription', text: 'Hello' },
          { content_type: 'audio_asset_pointer' },
        ],
      }),
      { role: 'user', text: 'Hello' },
    ],
    [
      'a time that is text',
      said('user', { content_type: 'text', parts: ['x'] }, { create_time: '1700000001.5' }),
      { createdAt: 1_700_000_001_500 },
    ],
    [
      'a time that is absurd',
      said('user', { content_type: 'text', parts: ['x'] }, { create_time: 1e300 }),
      { createdAt: 1_700_000_000_000 },
    ],
    [
      'a time before the service',
      said('user', { content_type: 'text', parts: ['x'] }, { create_time: -5 }),
      { createdAt: 1_700_000_000_000 },
    ],
  ])('%s is read', (_name, message, expected) => {
    expect(read(conversationOf({ a: { parent: null, message } })).conversation.messages).toMatchObject([
      expected,
    ]);
  });

  it('carries what was thought to the answer below, past the tools in between', () => {
    const { messages } = read(
      conversationOf({
        q: { parent: null },
        t: {
          parent: 'q',
          message: said('assistant', {
            content_type: 'thoughts',
            thoughts: [{ summary: 'S', content: 'C' }, { content: 'D' }],
          }),
        },
        r: {
          parent: 't',
          message: said('assistant', { content_type: 'reasoning_recap', content: 'Thought for 3 s' }),
        },
        c: {
          parent: 'r',
          message: said('assistant', { content_type: 'code', text: '1' }, { recipient: 'python' }),
        },
        a: { parent: 'c', role: 'assistant' },
        b: { parent: 'a', role: 'assistant' },
      }),
    ).conversation;
    expect(messages.map(({ text, reasoning }) => [text, reasoning])).toEqual([
      ['q', ''],
      ['1', ''],
      ['a', '**S**\n\nC\n\nD'],
      ['b', ''],
    ]);
  });

  it('has its citations where they stood, without the signs for them, and only pages', () => {
    const text = 'One \ue200cite\ue202a\ue201 two \ue200cite\ue202b\ue201.';
    const at = (sign: string) => ({ start_idx: text.indexOf(sign) - 6, end_idx: text.indexOf(sign) + 2 });
    const { messages } = read(
      conversationOf({
        a: {
          parent: null,
          message: said(
            'assistant',
            { content_type: 'text', parts: [text] },
            {
              metadata: {
                content_references: [
                  { ...at('a\ue201'), url: 'https://e.org/1', title: 'First' },
                  {
                    ...at('b\ue201'),
                    items: [{ url: 'https://e.org/2', title: null }, { url: 'javascript:alert(1)' }],
                  },
                  { start_idx: 9e9, end_idx: -1, url: 'https://e.org' },
                  { start_idx: 9e9, end_idx: 9e9, url: 'https://e.org/3' },
                  null,
                ],
              },
            },
          ),
        },
      }),
    ).conversation;
    expect(messages[0]?.text).toBe('One two.');
    expect(messages[0]?.citations).toEqual([
      { url: 'https://e.org/1', title: 'First', start: 3, end: 3 },
      { url: 'https://e.org/2', title: '', start: 7, end: 7 },
      { url: 'https://e.org/3', title: '', start: 8, end: 8 },
    ]);
  });

  it('shows a picture that a tool made as an answer, and wants those of a question', () => {
    const picture = (id: string) => ({
      content_type: 'image_asset_pointer',
      asset_pointer: `sediment://${id}`,
    });
    const { conversation, pictures } = read(
      conversationOf({
        q: {
          parent: null,
          message: said('user', { content_type: 'multimodal_text', parts: [picture('file_1'), 'look'] }),
        },
        t: {
          parent: 'q',
          message: {
            author: { role: 'tool', name: 'dalle' },
            content: { content_type: 'multimodal_text', parts: [picture('file_2')] },
          },
        },
      }),
    );
    expect(conversation.messages.map(({ role, text }) => [role, text])).toEqual([
      ['user', 'look'],
      ['assistant', ''],
    ]);
    expect(pictures.map(({ pointer }) => pointer)).toEqual(['sediment://file_1', 'sediment://file_2']);
  });

  it('is counted when nothing is known of its kind, and never stops the others', () => {
    const outcome = read(
      conversationOf({
        a: { parent: null },
        b: { parent: 'a', message: said('assistant', { content_type: 'hologram', waves: 3 }) },
        c: { parent: 'b', message: 'text' },
        d: { parent: 'c', message: { author: 7, content: [] } },
        e: {
          parent: 'd',
          message: said('user', { content_type: 'text', parts: [{ content_type: 'new' }, 'kept'] }),
        },
        f: {
          parent: 'e',
          message: said(
            'user',
            { content_type: 'text', parts: ['g'] },
            { metadata: { attachments: [{ mime_type: 'application/pdf' }, null] } },
          ),
        },
      }),
    );
    expect(outcome.conversation.messages.map(({ text }) => text)).toEqual(['a', 'kept', 'g']);
    expect(outcome.leftOutMessageCount).toBe(4);
    expect(outcome.leftOutFileCount).toBe(2);
  });

  it('never imports custom instructions', () => {
    const message = said('user', {
      content_type: 'user_editable_context',
      user_profile: 'p',
      user_instructions: 'i',
    });
    expect(read(conversationOf({ a: { parent: null, message } })).conversation.messages).toEqual([]);
  });
});

describe('a ChatGPT conversation', () => {
  it('gets the same ids every time', () => {
    const value = conversationOf({ a: { parent: null }, b: { parent: 'a' } });
    expect(read(value).conversation).toEqual(read(value).conversation);
    expect(read(conversationOf({ a: { parent: null } }, { id: 'd' })).conversation.id).not.toBe(
      read(value).conversation.id,
    );
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 7],
    ['a list', []],
    ['a mapping that is a list', { mapping: [] }],
    ['a mapping that is text', { mapping: 'x' }],
  ])('is refused when it is %s', (_name, value) => {
    expect(readConversation(value, NOW)).toEqual({ kind: 'problem', problem: 'wrong-shape' });
  });

  it('is refused for what it lacks when that is its messages', () => {
    expect(readConversation({ title: 'x' }, NOW)).toEqual({ kind: 'problem', problem: 'no-messages' });
  });

  it.each<[string, unknown, object]>([
    ['a title of the wrong type', conversationOf({}, { title: 5 }), { title: 'Imported conversation' }],
    ['a title of many lines', conversationOf({}, { title: ' a\n\nb ' }), { title: 'a b' }],
    ['a title without end', conversationOf({}, { title: 'x'.repeat(5_000) }), { title: 'x'.repeat(200) }],
    [
      'no times',
      conversationOf({}, { create_time: null, update_time: 'never' }),
      { createdAt: NOW, updatedAt: NOW },
    ],
    [
      'nodes of wrong types',
      { mapping: { a: null, b: 3, c: [], d: { parent: 4, children: 'x', message: {} } } },
      { messages: [] },
    ],
    [
      'the names of an object’s own parts',
      JSON.parse('{"mapping":{"__proto__":{"parent":"constructor"},"constructor":{"parent":"__proto__"}}}'),
      { messages: [] },
    ],
  ])('is read with %s', (_name, value, expected) => {
    expect(read(value).conversation).toMatchObject(expected);
  });
});
