import type OpenAI from 'openai';
import { AppError } from '../../../contract/app-error.ts';
import type { Usage } from '../../../contract/model/conversation.ts';
import type { CompletionRequest, ProviderEvent } from '../chat-provider.ts';
import { parseCompletionUsage } from './parse-usage.ts';

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
  let finishReason: string | null = null;
  let usage: Usage | null = null;
  for await (const chunk of stream) {
    usage = parseCompletionUsage(chunk.usage) ?? usage;
    // Compatible servers send chunks without `choices`, whatever the type says.
    const choice = (chunk.choices as typeof chunk.choices | undefined)?.[0];
    if (choice === undefined) continue;
    const text = choice.delta?.content ?? choice.delta?.refusal;
    if (typeof text === 'string' && text.length > 0) yield { type: 'delta', text };
    finishReason = choice.finish_reason ?? finishReason;
  }
  // The usage chunk follows the finish reason, so the end is judged after the last chunk. What is cut short is billed all the same.
  if (usage !== null) yield { type: 'usage', usage };
  if (finishReason === 'content_filter') {
    throw new AppError('provider/content-filtered', 'The provider withheld the rest of this answer.');
  }
  if (finishReason === 'length')
    throw new AppError('provider/incomplete', 'The answer reached its length limit.');
  if (finishReason !== null) yield { type: 'finished', usage };
}
