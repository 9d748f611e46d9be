import type OpenAI from 'openai';
import { AppError, type ErrorCode } from '../../../contract/app-error.ts';
import type { Citation } from '../../../contract/model/conversation.ts';
import type { ProviderEvent } from '../chat-provider.ts';
import { CitationList } from './citation-list.ts';
import { parseImageUrl } from './parse-image.ts';
import { parseCompletionUsage } from './parse-usage.ts';

type Chunk = OpenAI.ChatCompletionChunk;
type Choice = Chunk['choices'][number];
/** A delta as compatible servers send it: with fields the SDK's type does not know. */
type Delta = Readonly<Record<string, unknown>>;

/** Most pictures of one answer. */
const MAX_IMAGES = 8;
/** Most entries looked at in a list. */
const MAX_ENTRIES = 1_000;

/** Understands the chunks of one answer, in their order. */
export class ChatReader {
  readonly #citations = new CitationList();
  #imageCount = 0;
  #isCut = false;

  /** What a chunk means. */
  read(chunk: Chunk): readonly ProviderEvent[] {
    // Compatible servers send chunks without `choices`, whatever the type says.
    const choice = (chunk.choices as typeof chunk.choices | undefined)?.[0];
    const events = this.#isCut
      ? []
      : [...this.#readDelta(choice?.delta), ...readEnd(choice?.finish_reason ?? null)];
    this.#isCut ||= events.some(({ type }) => type === 'cut');
    const usage = parseCompletionUsage(chunk.usage);
    // It follows the finish reason, in a chunk of its own or in the same.
    return usage === null ? events : [...events, { type: 'usage', usage }];
  }

  #readDelta(received: Choice['delta'] | null | undefined): ProviderEvent[] {
    const delta: Delta = isRecord(received) ? received : {};
    const events: ProviderEvent[] = [];
    // Named differently from server to server; who sends both says the same twice.
    const reasoning = firstText(delta['reasoning_content'], delta['reasoning']);
    if (reasoning !== '') events.push({ type: 'reasoning', text: reasoning });
    const text = firstText(delta['content'], delta['refusal']);
    if (text !== '') events.push({ type: 'delta', text });
    events.push(...this.#readAnnotations(delta['annotations']), ...this.#readImages(delta['images']));
    if (events.length > 0) return events;
    // An empty delta is what some servers send to say that they are still there.
    const isEmpty = Object.values(delta).every((value) => value === null || value === '');
    return isEmpty ? [] : [{ type: 'progress' }];
  }

  #readAnnotations(annotations: unknown): ProviderEvent[] {
    const citations = entriesOf(annotations).flatMap((entry): Citation[] => {
      // There is one part of text only, so places count from its beginning.
      const citation =
        entry['type'] === 'url_citation' ? this.#citations.take(entry['url_citation'], 0) : null;
      return citation === null ? [] : [citation];
    });
    return citations.length === 0 ? [] : [{ type: 'citations', citations }];
  }

  #readImages(images: unknown): ProviderEvent[] {
    return entriesOf(images).flatMap((entry): ProviderEvent[] => {
      const url = isRecord(entry['image_url']) ? entry['image_url']['url'] : null;
      const image = this.#imageCount < MAX_IMAGES ? parseImageUrl(url) : null;
      if (image === null) return [];
      this.#imageCount += 1;
      return [{ type: 'image', ...image }];
    });
  }
}

function entriesOf(list: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.slice(0, MAX_ENTRIES).filter(isRecord) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstText(...candidates: readonly unknown[]): string {
  return (
    (candidates.find((candidate) => typeof candidate === 'string' && candidate !== '') as
      string | undefined) ?? ''
  );
}

/** The end an answer came to. */
function readEnd(reason: Choice['finish_reason']): ProviderEvent[] {
  switch (reason) {
    case null:
      return [];
    case 'content_filter':
      return [cut('provider/content-filtered', 'The provider withheld the rest of this answer.')];
    case 'length':
      return [cut('provider/incomplete', 'The answer reached its length limit.')];
    default:
      return [{ type: 'finished', usage: null }];
  }
}

function cut(code: ErrorCode, message: string): ProviderEvent {
  return { type: 'cut', error: new AppError(code, message), usage: null };
}
