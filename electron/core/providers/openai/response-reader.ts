import type OpenAI from 'openai';
import { AppError } from '../../../contract/app-error.ts';
import type { Citation } from '../../../contract/model/conversation.ts';
import type { ProviderEvent } from '../chat-provider.ts';
import { CitationList } from './citation-list.ts';
import { mapResponseFailure } from './map-response-failure.ts';
import { parseImage } from './parse-image.ts';
import { parseResponseUsage } from './parse-usage.ts';

/** An event of the Responses API as it arrives: an object, and no more is certain. */
export type ResponseEvent = OpenAI.Responses.ResponseStreamEvent;

/** Events that only say that the connection lives; `keepalive`, which is not documented but sent, is another. */
const SIGNS_OF_LIFE: ReadonlySet<string> = new Set(['response.in_progress', 'response.queued']);
/** Most pictures of one answer. */
const MAX_IMAGES = 8;
/** Most parts of text an answer can have whose places are remembered. */
const MAX_PARTS = 1_000;

const PROGRESS: ProviderEvent = { type: 'progress' };

/** Understands the events of one answer, in their order. */
export class ResponseReader {
  readonly #citations = new CitationList();
  /** Where each part of the text begins: the places of its sources count from there. */
  readonly #starts = new Map<string, number>();
  /** The one that the last piece of text belongs to. */
  #part: Placed = { output_index: null };
  #textLength = 0;
  #hasReasoning = false;
  #begunCount = 0;
  #imageCount = 0;

  /** What an event means. Throws what ends an answer early. */
  read(event: ResponseEvent): readonly ProviderEvent[] {
    switch (event.type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return this.#readText(event, event.delta);
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return this.#readReasoning(event.delta);
      case 'response.reasoning_summary_part.added':
        // Parts of a summary are paragraphs, each with a heading of its own.
        return this.#hasReasoning ? [{ type: 'reasoning', text: '\n\n' }] : [PROGRESS];
      case 'response.output_text.annotation.added':
        return this.#readAnnotations(placeOf(event), [event.annotation]);
      case 'response.output_item.added':
        return this.#readBegun(event.item);
      case 'response.output_item.done':
        return this.#readItem(event.item, event.output_index);
      case 'response.completed':
        return [{ type: 'finished', usage: parseResponseUsage(event.response?.usage) }];
      case 'response.incomplete':
        return [cut(event.response, whyIncomplete(event.response?.incomplete_details?.reason))];
      case 'response.failed':
        return [
          cut(
            event.response,
            mapResponseFailure(event.response?.error?.code, event.response?.error?.message),
          ),
        ];
      case 'error':
        throw mapResponseFailure(event.code, event.message);
      default:
        return isProgress(event.type) ? [PROGRESS] : [];
    }
  }

  #readText(event: Placed, text: unknown): readonly ProviderEvent[] {
    if (typeof text !== 'string' || text === '') return [];
    this.#notePart(event);
    this.#textLength += text.length;
    return [{ type: 'delta', text }];
  }

  /** Hundreds of events in a row are about one part. */
  #notePart(event: Placed): void {
    const { output_index: output, content_index: content } = event;
    if (output === this.#part.output_index && content === this.#part.content_index) return;
    this.#part = { output_index: output, content_index: content };
    const place = placeOf(event);
    if (!this.#starts.has(place) && this.#starts.size < MAX_PARTS) this.#starts.set(place, this.#textLength);
  }

  #readReasoning(text: unknown): readonly ProviderEvent[] {
    if (typeof text !== 'string' || text === '') return [];
    this.#hasReasoning = true;
    return [{ type: 'reasoning', text }];
  }

  /** Both the annotation's own event and the finished item name a source; it counts once. */
  #readAnnotations(place: string, annotations: readonly unknown[]): readonly ProviderEvent[] {
    const offset = this.#starts.get(place) ?? 0;
    const citations = annotations.flatMap((annotation): Citation[] => {
      if (!isRecord(annotation) || annotation['type'] !== 'url_citation') return [];
      const citation = this.#citations.take(annotation, offset);
      return citation === null ? [] : [citation];
    });
    return citations.length === 0 ? [PROGRESS] : [{ type: 'citations', citations }];
  }

  #readItem(item: unknown, outputIndex: unknown): readonly ProviderEvent[] {
    if (!isRecord(item)) return [PROGRESS];
    if (item['type'] === 'image_generation_call') return this.#readImage(item['result']);
    const content = item['type'] === 'message' && Array.isArray(item['content']) ? item['content'] : [];
    const events = content.slice(0, MAX_PARTS).flatMap((part: unknown, index): readonly ProviderEvent[] => {
      const annotations = isRecord(part) && Array.isArray(part['annotations']) ? part['annotations'] : [];
      const place = placeOf({ output_index: outputIndex, content_index: index });
      return annotations.length === 0 ? [] : this.#readAnnotations(place, annotations.slice(0, MAX_PARTS));
    });
    return events.length === 0 ? [PROGRESS] : events;
  }

  #readBegun(item: unknown): readonly ProviderEvent[] {
    if (!isRecord(item) || item['type'] !== 'image_generation_call') return [PROGRESS];
    this.#begunCount += 1;
    return this.#begunCount > MAX_IMAGES ? [PROGRESS] : [{ type: 'image-begun' }];
  }

  #readImage(result: unknown): readonly ProviderEvent[] {
    const image = this.#imageCount < MAX_IMAGES ? parseImage(result) : null;
    if (image === null) return [PROGRESS];
    this.#imageCount += 1;
    return [{ type: 'image', ...image }];
  }
}

/** Whose text an event is about. */
interface Placed {
  readonly output_index?: unknown;
  readonly content_index?: unknown;
}

function placeOf({ output_index: output, content_index: content }: Placed): string {
  return `${typeof output === 'number' ? output : ''}/${typeof content === 'number' ? content : ''}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
