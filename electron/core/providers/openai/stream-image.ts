import type OpenAI from 'openai';
import { AppError } from '../../../contract/app-error.ts';
import type { CompletionRequest, ProviderEvent } from '../chat-provider.ts';
import { assertEvent } from './assert-event.ts';
import { mapResponseFailure } from './map-response-failure.ts';
import { parseImage } from './parse-image.ts';
import { parseResponseUsage } from './parse-usage.ts';

/** Longest prompt the endpoint takes, in characters. */
const MAX_PROMPT_LENGTH = 32_000;

/** A picture of what the person asked for last, from a model that makes nothing else. Streamed for its signs of life. */
export async function* streamImage(
  client: OpenAI,
  { model, turns }: CompletionRequest,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const prompt = turns.findLast(({ role }) => role === 'user')?.text ?? '';
  if (prompt.length > MAX_PROMPT_LENGTH)
    throw new AppError('request/context-too-long', 'The description of the picture is too long.');
  const stream = await client.images.generate(
    { model, prompt, output_format: 'webp', stream: true },
    { signal },
  );
  for await (const received of stream) {
    assertEvent(received);
    const event: { readonly type?: unknown; readonly b64_json?: unknown; readonly usage?: unknown } =
      received;
    if (event.type === 'error') throw mapResponseFailure(null);
    if (event.type !== 'image_generation.completed') {
      yield { type: 'progress' };
      continue;
    }
    const image = parseImage(event.b64_json);
    if (image === null) throw new AppError('provider/garbled', 'The server sent a picture that is none.');
    yield { type: 'image', ...image };
    yield { type: 'finished', usage: parseResponseUsage(event.usage) };
    return;
  }
}
