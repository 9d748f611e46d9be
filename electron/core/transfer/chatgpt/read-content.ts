import type { Citation } from '../../../contract/model/conversation.ts';
import { MAX_CITATIONS } from '../../history/transfer/transferred.ts';
import {
  picturePartSchema,
  referenceSchema,
  spokenPartSchema,
  type ChatGPTContent,
  type ChatGPTMessage,
} from './chatgpt-schema.ts';

/** What a message holds. */
export interface ReadContent {
  readonly text: string;
  /** Pointers to pictures, as they stand there. */
  readonly pictures: readonly string[];
  /** What a model thought; it belongs to the answer that follows. */
  readonly reasoning: string;
  /** Whether all of it was understood. */
  readonly isWhole: boolean;
}

const NOTHING: ReadContent = { text: '', pictures: [], reasoning: '', isWhole: true };

/** What the service tells the model about the person: settings rather than something that was said. */
const SETTINGS = new Set(['user_editable_context', 'model_editable_context']);

/** Reads the content of a message by its type. */
export function readContent(content: ChatGPTContent): ReadContent {
  const { content_type: type, text, result, parts, thoughts } = content;
  if (SETTINGS.has(type) || type === 'reasoning_recap') return NOTHING;
  if (type === 'thoughts') return { ...NOTHING, reasoning: (thoughts ?? []).map(sayThought).join('\n\n') };
  if (type === 'tether_quote') return { ...NOTHING, text: sayQuote(content) };
  if (parts !== null && parts !== undefined) return readParts(parts);
  const said = text ?? result;
  return typeof said === 'string' ? { ...NOTHING, text: said } : { ...NOTHING, isWhole: false };
}

function readParts(parts: readonly unknown[]): ReadContent {
  const texts: string[] = [];
  const pictures: string[] = [];
  let isWhole = true;
  for (const part of parts) {
    if (typeof part === 'string') {
      if (part !== '') texts.push(part);
      continue;
    }
    const picture = picturePartSchema.safeParse(part);
    const spoken = spokenPartSchema.safeParse(part);
    if (picture.success) pictures.push(picture.data.asset_pointer);
    else if (spoken.success) texts.push(spoken.data.text);
    else isWhole = false;
  }
  return { text: texts.join('\n\n'), pictures, reasoning: '', isWhole };
}

function sayThought({ summary, content }: NonNullable<ChatGPTContent['thoughts']>[number]): string {
  const heading = summary === null || summary === undefined || summary === '' ? '' : `**${summary}**\n\n`;
  return `${heading}${content ?? ''}`.trim();
}

function sayQuote({ title, url, text }: ChatGPTContent): string {
  return [title, url, text].filter((line) => typeof line === 'string' && line !== '').join('\n');
}

/** The signs that ChatGPT's own window replaces by links: private-use letters around a reference, and the blank before them. */
const MARKER = / ?\ue200[^\ue200\ue201]{0,2000}\ue201/g;

/** More references than any answer has. */
const MAX_REFERENCES = 1_000;

/** The text without those signs, and the pages it names, at their places in it. */
export function readCitations(
  text: string,
  metadata: ChatGPTMessage['metadata'],
): { readonly text: string; readonly citations: readonly Citation[] } {
  const cuts: Cut[] = [];
  let total = 0;
  const clean = text.replaceAll(MARKER, (marker, at: number) => {
    cuts.push({ at, length: marker.length, before: total });
    total += marker.length;
    return '';
  });
  const placeOf = (at: number): number => Math.min(at - removedBefore(cuts, at), clean.length);
  const listed: unknown = metadata?.['content_references'];
  const references = Array.isArray(listed) ? (listed as unknown[]).slice(0, MAX_REFERENCES) : [];
  const citations: Citation[] = [];
  for (const value of references) {
    const parsed = referenceSchema.safeParse(value);
    if (!parsed.success) continue;
    const { title, url, items, start_idx: start, end_idx: end } = parsed.data;
    const [from, to] = [placeOf(start), placeOf(end)];
    const pages = typeof url === 'string' ? [{ url, title }] : (items ?? []);
    for (const page of pages) {
      if (citations.length >= MAX_CITATIONS) return { text: clean, citations };
      citations.push(...toCitation(page, from, to));
    }
  }
  return { text: clean, citations };
}

/** A part of a text that was taken out, with the length of all that was taken out before it. */
interface Cut {
  readonly at: number;
  readonly length: number;
  readonly before: number;
}

/** How much was taken out in front of a place. Cuts are in order: halving finds the last one before it. */
function removedBefore(cuts: readonly Cut[], at: number): number {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle]?.at ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  const last = cuts[low - 1];
  return last === undefined ? 0 : last.before + Math.min(last.length, at - last.at);
}

function toCitation(
  { url, title }: { readonly url?: string | null | undefined; readonly title?: string | null | undefined },
  start: number,
  end: number,
): Citation[] {
  if (typeof url !== 'string' || url.length > 8_192 || !/^https?:\/\//i.test(url) || !URL.canParse(url))
    return [];
  return [{ url, title: (title ?? '').slice(0, 1_000), start, end: Math.max(start, end) }];
}
