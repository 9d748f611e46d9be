import type OpenAI from 'openai';
import { AppError } from '../../../contract/app-error.ts';
import type { CompletionRequest, ProviderEvent } from '../chat-provider.ts';
import { mapResponseFailure } from './map-response-failure.ts';

/** One streamed answer of the Responses API. `store: false`: nothing is kept at the provider for retrieval. */
export async function* streamResponse(
  client: OpenAI,
  request: CompletionRequest,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const stream = await client.responses.create(
    {
      model: request.model,
      input: request.turns.map(({ role, text }) => ({ role, content: text })),
      store: false,
      stream: true,
    },
    { signal },
  );
  for await (const event of stream) {
    switch (event.type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        if (typeof event.delta === 'string' && event.delta.length > 0)
          yield { type: 'delta', text: event.delta };
        break;
      case 'response.completed': {
        const usage = event.response.usage;
        yield {
          type: 'finished',
          usage: usage ? { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens } : null,
        };
        return;
      }
      case 'response.incomplete':
        throw event.response.incomplete_details?.reason === 'content_filter'
          ? new AppError('provider/content-filtered', 'The provider withheld the rest of this answer.')
          : new AppError('provider/incomplete', 'The answer reached its length limit.');
      case 'response.failed':
        throw mapResponseFailure(event.response.error?.code ?? null);
      case 'error':
        throw mapResponseFailure(event.code);
      default:
    }
  }
}
