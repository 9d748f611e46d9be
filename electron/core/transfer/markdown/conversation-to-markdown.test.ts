import { describe, expect, it } from 'vitest';
import { PLAIN_GENERATION } from '../../../contract/model/plain.ts';
import type { TransferredHead, TransferredMessage } from '../../history/transfer/transferred.ts';
import { closeFences, conversationToMarkdown, fence, shownPath } from './conversation-to-markdown.ts';
import { freeName, markdownFileName } from './markdown-file-name.ts';

const HEAD: TransferredHead = {
  id: '00000000-0000-4000-8000-000000000001',
  title: 'A title',
  titleSource: 'person',
  model: 'gpt-5',
  createdAt: Date.parse('2026-03-04T10:00:00Z'),
  updatedAt: 0,
  generation: PLAIN_GENERATION,
  summary: null,
  headId: null,
  shownVariants: [],
};

function said(more: Partial<TransferredMessage>): TransferredMessage {
  return {
    id: 'a',
    parentId: null,
    role: 'user',
    text: '',
    state: 'done',
    error: null,
    model: null,
    usage: null,
    createdAt: 0,
    reasoning: '',
    citations: [],
    toolName: null,
    omittedCount: 0,
    attachments: [],
    ...more,
  };
}

describe('a conversation as Markdown', () => {
  it('reads like a transcript', () => {
    const markdown = conversationToMarkdown(
      { ...HEAD, generation: { ...PLAIN_GENERATION, systemPrompt: 'Be brief.' } },
      [
        said({
          text: 'What is this?',
          attachments: [
            {
              kind: 'image',
              name: 'a*b.png',
              mediaType: 'image/png',
              byteCount: 1,
              hash: '',
              width: 1,
              height: 1,
            },
          ],
        }),
        said({ role: 'tool', toolName: 'python', text: 'print("```")\n' }),
        said({
          role: 'assistant',
          model: 'gpt-5',
          text: 'A picture.',
          reasoning: 'I look.\n\nAgain.',
          citations: [
            { url: 'https://e.org/a b', title: 'A [page]', start: 0, end: 1 },
            { url: 'https://e.org/a b', title: 'A [page]', start: 2, end: 3 },
          ],
          state: 'cancelled',
        }),
        said({ role: 'assistant', state: 'failed', error: 'network/timeout' }),
      ],
    );
    expect(markdown).toBe(`# A title

2026-03-04, gpt-5

## Instructions

Be brief.

## You

- Attached: a\\*b.png (image/png)

What is this?

## Tool: python

\`\`\`\`
print("\`\`\`")
\`\`\`\`

## Assistant (gpt-5)

> **Thoughts**
>
> I look.
>
> Again.

A picture.

Sources:

1. [A \\[page\\]](<https://e.org/a%20b>)

*Stopped here.*

## Assistant

*Failed: network/timeout.*
`);
  });

  it('keeps a title on its line and from being markup', () => {
    expect(conversationToMarkdown({ ...HEAD, title: '# a\n<b>' }, [])).toMatch(/^# \\# a \\<b\\>\n/);
  });

  it.each([
    ['text', 'text'],
    ['```\ncode', '```\ncode\n```'],
    ['```js\ncode\n```', '```js\ncode\n```'],
    ['~~~~\n```\n~~~', '~~~~\n```\n~~~\n~~~~'],
    ['````\n```', '````\n```\n````'],
    ['a ``` b', 'a ``` b'],
    ['```not`a fence', '```not`a fence'],
  ])('closes a block of code that %j leaves open', (text, expected) => {
    expect(closeFences(text)).toBe(expected);
  });

  it('fences whatever is inside', () => {
    expect(fence('a')).toBe('```\na\n```');
    expect(fence('`````')).toBe('``````\n`````\n``````');
  });

  it('follows the shown path', () => {
    const messages = [
      said({ id: 'a', text: '1' }),
      said({ id: 'b', parentId: 'a', text: '2' }),
      said({ id: 'c', parentId: 'a', text: '3' }),
    ];
    expect(shownPath({ headId: 'b' }, messages).map(({ text }) => text)).toEqual(['1', '2']);
    expect(shownPath({ headId: null }, messages)).toEqual([]);
  });
});

describe('the name of a Markdown file', () => {
  it.each([
    ['A title', 'A title.md'],
    ['a/b\\c', 'a-b-c.md'],
    ['../../etc/passwd', '..-..-etc-passwd.md'],
    ['CON', '_CON.md'],
    ['what? "this": <that>|*', 'what_ _this__ _that___.md'],
    ['', 'file.md'],
    ['ends with dots...', 'ends with dots.md'],
    ['漢'.repeat(200), `${'漢'.repeat(50)}.md`],
    ['\u202egnp.exe\u0000', 'gnp.exe.md'],
  ])('of %j is safe everywhere', (title, expected) => {
    expect(markdownFileName(title)).toBe(expected);
  });

  it('is unique, whatever the case', () => {
    const taken = new Set<string>();
    expect(['a.md', 'A.md', 'a.md'].map((name) => freeName(name, taken))).toEqual([
      'a.md',
      'A (2).md',
      'a (3).md',
    ]);
  });
});
