import { writeSync } from 'node:fs';
import type { ChatProvider } from '../../electron/core/providers/chat-provider.ts';
import { createTestCore } from '../harness/create-test-core.ts';

// Started as a child process by kill-loop.ts, which kills it in the middle. Every line is written before anything else happens,
// so that the parent knows what the program knew when it died.

const WORDS_PER_ANSWER = 300;
const PAUSE_MS = 2;

/** Says what it is about to deliver, and delivers it at about the speed of a fast model. */
const provider: ChatProvider = {
  listModels: () => Promise.resolve([]),
  async *stream() {
    for (let index = 0; index < WORDS_PER_ANSWER; index += 1) {
      if (index % 2 === 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      const text = `w${index} `;
      say(`got ${index} ${performance.now()}`);
      yield { type: 'delta', text };
    }
    yield { type: 'finished', usage: { inputTokens: 1, outputTokens: WORDS_PER_ANSWER } };
  },
};

const app = await createTestCore({ folder: process.argv[2] ?? '', provider });
const connectionId =
  (await app.get('connections.list', {}))[0]?.id ??
  (await app.addConnection({ baseUrl: 'http://127.0.0.1:9/v1', key: null }));
say('ready');
let conversationId: string | null = null;
for (let count = 0; ; count += 1) {
  // Three questions to a conversation, then a new one.
  if (count % 3 === 0) conversationId = null;
  const text = `question ${process.pid}-${count} ${'with some words '.repeat(count % 20)}`;
  const started: Awaited<ReturnType<typeof app.get<'chat.send'>>> = await app.get('chat.send', {
    conversationId,
    connectionId,
    model: 'm',
    text,
  });
  conversationId = started.conversationId;
  say(`asked ${JSON.stringify([started.userMessage.id, started.assistantMessage.id, text])}`);
  await app.events.next('chat.ended', ({ streamId }) => streamId === started.streamId);
  say(`ended ${started.assistantMessage.id}`);
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}
