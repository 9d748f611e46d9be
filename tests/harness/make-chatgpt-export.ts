import { createHash } from 'node:crypto';

/** A node of a conversation as ChatGPT exports it. */
export interface ChatGPTNodeShape {
  readonly id: string;
  readonly message: unknown;
  readonly parent: string | null;
  readonly children: string[];
}

/** A UUID that a name always gets. */
export function idOf(name: string): string {
  const hex = createHash('md5').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The picture that conversation `number` shows, by the id in its pointer. */
export function pictureIdOf(number: number): string {
  return `file-Picture${number % 20}`;
}

/**
 * Conversation `number` of an export, in the shape of late 2025: a hidden root, custom instructions, a question with a picture
 * in every third, two variants of the first answer, a tool that is called and answers, thoughts, a citation, an answer.
 */
export function makeChatGPTConversation(number: number): Record<string, unknown> {
  const at = 1_700_000_000 + number * 1_000;
  const mapping: Record<string, ChatGPTNodeShape> = {};
  let time = at;
  const add = (name: string, parent: string | null, message: Record<string, unknown> | null): string => {
    const id = parent === null ? 'client-created-root' : idOf(`${number}-${name}`);
    time += 1;
    mapping[id] = {
      id,
      message:
        message === null
          ? null
          : { id, create_time: time + 0.25, status: 'finished_successfully', weight: 1, ...message },
      parent,
      children: [],
    };
    if (parent !== null) mapping[parent]?.children.push(id);
    return id;
  };
  const text = (...parts: unknown[]) => ({ content_type: 'text', parts });
  const root = add('root', null, null);
  const system = add('system', root, {
    author: { role: 'system', name: null, metadata: {} },
    content: text(''),
    metadata: { is_visually_hidden_from_conversation: true },
  });
  const context = add('context', system, {
    author: { role: 'user', name: null, metadata: {} },
    content: {
      content_type: 'user_editable_context',
      user_profile: 'secret profile',
      user_instructions: 'be nice',
    },
    metadata: { is_visually_hidden_from_conversation: true },
  });
  const hasPicture = number % 3 === 0;
  const question = add('question', context, {
    author: { role: 'user', name: null, metadata: {} },
    content: hasPicture
      ? {
          content_type: 'multimodal_text',
          parts: [
            {
              content_type: 'image_asset_pointer',
              asset_pointer: `file-service://${pictureIdOf(number)}`,
              size_bytes: 400,
              width: 4,
              height: 4,
            },
            `Question ${number}: what is in the picture?`,
          ],
        }
      : text(`Question ${number}: how does the index work? ${'More words of it. '.repeat(number % 40)}`),
    metadata: hasPicture ? { attachments: [{ id: 'x', name: 'a.png', mime_type: 'image/png' }] } : {},
  });
  add('variant', question, {
    author: { role: 'assistant', name: null, metadata: {} },
    content: text(`The first, rejected answer ${number}.`),
    metadata: { model_slug: 'gpt-4o', finish_details: { type: 'interrupted' } },
  });
  const thoughts = add('thoughts', question, {
    author: { role: 'assistant', name: null, metadata: {} },
    content: { content_type: 'thoughts', thoughts: [{ summary: 'Looking', content: 'I look at it.' }] },
    metadata: { model_slug: 'gpt-5-thinking' },
  });
  const call = add('call', thoughts, {
    author: { role: 'assistant', name: null, metadata: {} },
    content: { content_type: 'code', language: 'python', text: `print(${number})` },
    recipient: 'python',
    metadata: { model_slug: 'gpt-5-thinking' },
  });
  const output = add('output', call, {
    author: { role: 'tool', name: 'python', metadata: {} },
    content: { content_type: 'execution_output', text: String(number) },
    metadata: {},
  });
  const said = `The answer ${number} is here \ue200cite\ue202turn0search0\ue201. ${'And it goes on. '.repeat((number * 7) % 60)}`;
  const answer = add('answer', output, {
    author: { role: 'assistant', name: null, metadata: {} },
    content: text(said),
    recipient: 'all',
    metadata: {
      model_slug: 'gpt-5-thinking',
      content_references: [
        {
          matched_text: '\ue200cite\ue202turn0search0\ue201',
          start_idx: said.indexOf('\ue200'),
          end_idx: said.indexOf('\ue201') + 1,
          type: 'grouped_webpages',
          items: [{ title: 'A page', url: 'https://example.org/page' }],
        },
      ],
    },
  });
  const thanks = add('thanks', answer, {
    author: { role: 'user', name: null, metadata: {} },
    content: text('Thank you'),
    metadata: {},
  });
  const last = add('last', thanks, {
    author: { role: 'assistant', name: null, metadata: {} },
    content: text('You are welcome.'),
    metadata: { model_slug: 'gpt-5-thinking' },
  });
  return {
    title: `Chat ${number} “about” things`,
    create_time: at + 0.5,
    update_time: time + 0.75,
    mapping,
    moderation_results: [],
    current_node: last,
    plugin_ids: null,
    conversation_id: idOf(`conversation-${number}`),
    conversation_template_id: null,
    gizmo_id: null,
    is_archived: false,
    safe_urls: [],
    default_model_slug: 'gpt-5-thinking',
    id: idOf(`conversation-${number}`),
  };
}

/** Messages that one such conversation becomes. */
export const MESSAGES_PER_CONVERSATION = 7;

/** `conversations.json` with conversations `from` up to `to`, piece by piece. */
export function* makeChatGPTDocument(from: number, to: number): Generator<string> {
  yield '[';
  for (let number = from; number < to; number += 1)
    yield `${number === from ? '' : ', '}${JSON.stringify(makeChatGPTConversation(number))}`;
  yield ']';
}
