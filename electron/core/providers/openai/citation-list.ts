import { z } from 'zod';
import type { Citation } from '../../../contract/model/conversation.ts';

/** Most sources of one answer. */
export const MAX_CITATIONS = 100;
const MAX_URL_LENGTH = 2_048;
const MAX_TITLE_LENGTH = 300;
/** No answer is longer. */
const MAX_PLACE = 64 * 1024 * 1024;

const placeSchema = z.number().int().min(0).max(MAX_PLACE);
const urlCitationSchema = z.object({
  url: z.string().max(MAX_URL_LENGTH),
  title: z.string().nullish().catch(null),
  start_index: placeSchema.nullish().catch(null),
  end_index: placeSchema.nullish().catch(null),
});

/** The sources of one answer: what makes no sense is dropped, each is there once, and there are never many. */
export class CitationList {
  readonly #seen = new Set<string>();

  /** The source, if it is one and new. `offset` is where the text begins that its places count from. */
  take(raw: unknown, offset: number): Citation | null {
    if (this.#seen.size >= MAX_CITATIONS) return null;
    const parsed = urlCitationSchema.safeParse(raw);
    if (!parsed.success || !isWebAddress(parsed.data.url)) return null;
    const { url, title, start_index: from, end_index: to } = parsed.data;
    const start = offset + (from ?? 0);
    // Said the wrong way round, it stands for nothing but itself.
    const end = Math.max(start, offset + (to ?? 0));
    const key = `${start} ${end} ${url}`;
    if (this.#seen.has(key)) return null;
    this.#seen.add(key);
    return { url, title: toTitle(title ?? ''), start, end };
  }
}

function isWebAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

/** On one line, and without the characters that turn a text around or hide in it. */
function toTitle(title: string): string {
  return title
    .slice(0, 4 * MAX_TITLE_LENGTH)
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_TITLE_LENGTH);
}
