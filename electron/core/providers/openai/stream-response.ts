import type OpenAI from 'openai';
import type { ProviderEvent } from '../chat-provider.ts';
import { assertEvent } from './assert-event.ts';
import { EventSequence } from './event-sequence.ts';
import { ResponseReader, type ResponseEvent } from './response-reader.ts';

/** One streamed answer of the Responses API. */
export async function* streamResponse(
  client: OpenAI,
  body: OpenAI.Responses.ResponseCreateParamsStreaming,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const stream = await client.responses.create(body, { signal });
  const sequence = new EventSequence<ResponseEvent>();
  const reader = new ResponseReader();
  for await (const received of stream) {
    assertEvent(received);
    for (const event of sequence.take(received)) {
      for (const read of reader.read(event)) {
        yield read;
        if (read.type === 'finished' || read.type === 'cut') return;
      }
    }
  }
  sequence.assertWhole();
}
