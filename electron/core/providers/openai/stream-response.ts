import type OpenAI from 'openai';
import { AppError } from '../../../contract/app-error.ts';
import type { CompletionRequest, ProviderEvent } from '../chat-provider.ts';
import { mapResponseFailure } from './map-response-failure.ts';
import { parseResponseUsage } from './parse-usage.ts';

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
      case 'response.completed':
        yield { type: 'finished', usage: parseResponseUsage(event.response.usage) };
        return;
      case 'response.incomplete':
        yield* usageOf(event.response);
        throw event.response.incomplete_details?.reason === 'content_filter'
          ? new AppError('provider/content-filtered', 'The provider withheld the rest of this answer.')
          : new AppError('provider/incomplete', 'The answer reached its length limit.');
      case 'response.failed':
        yield* usageOf(event.response);
        throw mapResponseFailure(event.response.error?.code ?? null);
      case 'error':
        throw mapResponseFailure(event.code);
      default:
    }
  }
}

/** What is cut short is billed all the same. */
function* usageOf(response: { readonly usage?: unknown }): Generator<ProviderEvent> {
  const usage = parseResponseUsage(response.usage);
  if (usage !== null) yield { type: 'usage', usage };
}
