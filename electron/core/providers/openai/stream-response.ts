import type OpenAI from 'openai';
import { AppError } from '../../../contract/app-error.ts';
import type { CompletionRequest, ProviderEvent } from '../chat-provider.ts';
import { assertEvent } from './assert-event.ts';
import { EventSequence } from './event-sequence.ts';
import { mapResponseFailure } from './map-response-failure.ts';
import { parseResponseUsage } from './parse-usage.ts';

type ResponseEvent = OpenAI.Responses.ResponseStreamEvent;

/** Events that only say that the connection lives; `keepalive`, which is not documented but sent, is another. */
const SIGNS_OF_LIFE: ReadonlySet<string> = new Set(['response.in_progress', 'response.queued']);

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
  const sequence = new EventSequence<ResponseEvent>();
  for await (const received of stream) {
    assertEvent(received);
    for (const event of sequence.take(received)) {
      const read = readEvent(event);
      if (read !== null) yield read;
      if (read?.type === 'finished' || read?.type === 'cut') return;
    }
  }
  sequence.assertWhole();
}

/** What an event means, null when nothing. Throws what ends an answer early. */
function readEvent(event: ResponseEvent): ProviderEvent | null {
  switch (event.type) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return typeof event.delta === 'string' && event.delta.length > 0
        ? { type: 'delta', text: event.delta }
        : null;
    case 'response.completed':
      return { type: 'finished', usage: parseResponseUsage(event.response?.usage) };
    case 'response.incomplete':
      return cut(event.response, whyIncomplete(event.response?.incomplete_details?.reason));
    case 'response.failed':
      return cut(event.response, mapResponseFailure(event.response?.error?.code));
    case 'error':
      throw mapResponseFailure(event.code);
    default:
      return isProgress(event.type) ? { type: 'progress' } : null;
  }
}

function isProgress(type: unknown): boolean {
  return typeof type === 'string' && type.startsWith('response.') && !SIGNS_OF_LIFE.has(type);
}

/** What is cut short is billed all the same. */
function cut(response: { readonly usage?: unknown } | undefined, error: AppError): ProviderEvent {
  return { type: 'cut', error, usage: parseResponseUsage(response?.usage) };
}

function whyIncomplete(reason: unknown): AppError {
  return reason === 'content_filter'
    ? new AppError('provider/content-filtered', 'The provider withheld the rest of this answer.')
    : new AppError('provider/incomplete', 'The answer reached its length limit.');
}
