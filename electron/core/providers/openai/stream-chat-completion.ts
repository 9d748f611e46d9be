import type OpenAI from 'openai';
import { AppError, type ErrorCode } from '../../../contract/app-error.ts';
import type { CompletionRequest, ProviderEvent } from '../chat-provider.ts';
import { assertEvent } from './assert-event.ts';
import { parseCompletionUsage } from './parse-usage.ts';

type Chunk = OpenAI.ChatCompletionChunk;
type Choice = Chunk['choices'][number];

/** One streamed answer of Chat Completions, the dialect compatible servers speak. */
export async function* streamChatCompletion(
  client: OpenAI,
  request: CompletionRequest,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const stream = await client.chat.completions.create(
    {
      model: request.model,
      messages: request.turns.map(({ role, text }) => ({ role, content: text })),
      stream: true,
      stream_options: { include_usage: true },
    },
    { signal },
  );
  let isCut = false;
  for await (const chunk of stream) {
    assertEvent(chunk);
    // Compatible servers send chunks without `choices`, whatever the type says.
    const choice = (chunk.choices as typeof chunk.choices | undefined)?.[0];
    const event = isCut ? null : readDelta(choice?.delta);
    if (event !== null) yield event;
    const end: ProviderEvent | null = isCut ? null : readEnd(choice?.finish_reason ?? null);
    if (end !== null) yield end;
    isCut ||= end?.type === 'cut';
    const usage = parseCompletionUsage(chunk.usage);
    // It follows the finish reason, in a chunk of its own or in the same.
    if (usage !== null) yield { type: 'usage', usage };
  }
}

/** An empty delta is what some servers send to say that they are still there. */
function readDelta(delta: Choice['delta'] | null | undefined): ProviderEvent | null {
  const text = delta?.content ?? delta?.refusal;
  if (typeof text === 'string' && text.length > 0) return { type: 'delta', text };
  // What a model thinks stands in fields that differ from server to server; none is shown, all show that it works.
  const isEmpty = Object.values(delta ?? {}).every((value) => value === null || value === '');
  return isEmpty ? null : { type: 'progress' };
}

/** The end an answer came to. */
function readEnd(reason: Choice['finish_reason']): ProviderEvent | null {
  switch (reason) {
    case null:
      return null;
    case 'content_filter':
      return cut('provider/content-filtered', 'The provider withheld the rest of this answer.');
    case 'length':
      return cut('provider/incomplete', 'The answer reached its length limit.');
    default:
      return { type: 'finished', usage: null };
  }
}

function cut(code: ErrorCode, message: string): ProviderEvent {
  return { type: 'cut', error: new AppError(code, message), usage: null };
}
