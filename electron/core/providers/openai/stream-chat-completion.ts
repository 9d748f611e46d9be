import type OpenAI from 'openai';
import type { ProviderEvent } from '../chat-provider.ts';
import { assertEvent } from './assert-event.ts';
import { ChatReader } from './chat-reader.ts';

/** One streamed answer of Chat Completions, the dialect compatible servers speak. */
export async function* streamChatCompletion(
  client: OpenAI,
  body: OpenAI.ChatCompletionCreateParamsStreaming,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const stream = await client.chat.completions.create(body, { signal });
  const reader = new ChatReader();
  for await (const chunk of stream) {
    assertEvent(chunk);
    for (const event of reader.read(chunk)) yield event;
  }
}
