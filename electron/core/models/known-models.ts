import type { Dialect } from '../../contract/model/connection.ts';
import type { Effort, Verbosity } from '../../contract/model/generation.ts';

/** What is published about a model. */
export interface KnownModel {
  readonly model: string;
  /** The APIs that have it. */
  readonly dialects: readonly Dialect[];
  /** [] when the effort cannot be set. */
  readonly efforts: readonly Effort[];
  readonly verbosities: readonly Verbosity[];
  readonly takesImages: boolean;
  /** PDF files. */
  readonly takesFiles: boolean;
  /** The APIs in which it searches the web. */
  readonly searchesIn: readonly Dialect[];
  /** `tool`: through the image tool of Responses; `only`: it makes pictures and nothing else, at an endpoint of its own. */
  readonly images: 'tool' | 'only' | 'none';
  /** null: not published. */
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly sourceUrl: string;
  /** The day of the copy of the source it was taken from. */
  readonly readOn: string;
}

const READ_ON = '2026-11-26';
const BOTH: readonly Dialect[] = ['responses', 'chat-completions'];
const RESPONSES: readonly Dialect[] = ['responses'];
const CHAT: readonly Dialect[] = ['chat-completions'];

const ANY_LENGTH: readonly Verbosity[] = ['low', 'medium', 'high'];

/** Efforts as the families take them. */
const EFFORTS = {
  none: [],
  o: ['low', 'medium', 'high'],
  gpt5: ['minimal', 'low', 'medium', 'high'],
  gpt51: ['none', 'low', 'medium', 'high'],
  gpt52: ['none', 'low', 'medium', 'high', 'xhigh'],
  gpt56: ['none', 'low', 'medium', 'high', 'xhigh', 'max'],
  always: ['low', 'medium', 'high', 'xhigh', 'max'],
  codex: ['low', 'medium', 'high', 'xhigh'],
  pro: ['medium', 'high', 'xhigh'],
} as const satisfies Record<string, readonly Effort[]>;

const MILLION = { contextTokens: 1_050_000, maxOutputTokens: 128_000 };
const LARGE = { contextTokens: 400_000, maxOutputTokens: 128_000 };
const CHAT_LATEST = { contextTokens: 128_000, maxOutputTokens: 16_384 };

/** A model as most of the present ones are; a row says where it differs. */
const USUAL = {
  dialects: BOTH,
  verbosities: ANY_LENGTH,
  takesImages: true,
  takesFiles: true,
  searchesIn: RESPONSES,
  images: 'tool',
} as const;

/** What came before models could be told how long to answer, and before the image tool. */
const EARLIER = { ...USUAL, verbosities: [], images: 'none' } as const;

/**
 * OpenAI's models. Dated: a newer table is a newer Latchkey, and what a server takes or refuses counts for more than any row.
 * docs/models.md says how it was compiled.
 */
export const KNOWN_MODELS: readonly KnownModel[] = [
  row('gpt-6.2-astra', { ...USUAL, ...MILLION, efforts: EFFORTS.always }),
  row('gpt-6.2-sol', { ...USUAL, ...MILLION, efforts: EFFORTS.always }),
  row('gpt-6.1-sol', { ...USUAL, ...MILLION, efforts: EFFORTS.always }),
  row('gpt-6.1-terra', { ...USUAL, ...MILLION, efforts: EFFORTS.gpt56 }),
  row('gpt-6-astra', { ...USUAL, ...MILLION, efforts: EFFORTS.always }),
  row('gpt-6-sol', { ...USUAL, ...MILLION, efforts: EFFORTS.gpt56 }),
  row('gpt-6-luna', { ...USUAL, ...MILLION, efforts: EFFORTS.gpt56 }),
  row('chat-latest', { ...EARLIER, ...LARGE, efforts: EFFORTS.none }),
  // Leads to `gpt-5.6-sol`.
  row('gpt-5.6', { ...USUAL, ...MILLION, efforts: EFFORTS.gpt56 }),
  row('gpt-5.6-sol', { ...USUAL, ...MILLION, efforts: EFFORTS.gpt56 }),
  row('gpt-5.6-terra', { ...USUAL, ...MILLION, efforts: EFFORTS.gpt56 }),
  row('gpt-5.6-luna', { ...USUAL, ...MILLION, efforts: EFFORTS.gpt56 }),
  row('gpt-5.5', { ...USUAL, ...MILLION, efforts: EFFORTS.gpt52 }),
  row('gpt-5.5-pro', { ...USUAL, ...MILLION, dialects: RESPONSES, efforts: EFFORTS.pro }),
  row('gpt-5.4', { ...USUAL, ...MILLION, efforts: EFFORTS.gpt52 }),
  row('gpt-5.4-mini', { ...USUAL, ...LARGE, efforts: EFFORTS.gpt52 }),
  row('gpt-5.4-nano', { ...USUAL, ...LARGE, efforts: EFFORTS.gpt52 }),
  row('gpt-5.4-pro', { ...USUAL, ...MILLION, dialects: RESPONSES, efforts: EFFORTS.pro }),
  row('gpt-5.3-codex', { ...USUAL, ...LARGE, dialects: RESPONSES, images: 'none', efforts: EFFORTS.codex }),
  row('gpt-5.2', { ...USUAL, ...LARGE, efforts: EFFORTS.gpt52 }),
  row('gpt-5.2-pro', { ...USUAL, ...LARGE, dialects: RESPONSES, efforts: EFFORTS.pro }),
  row('gpt-5.2-codex', { ...USUAL, ...LARGE, dialects: RESPONSES, images: 'none', efforts: EFFORTS.codex }),
  row('gpt-5.2-chat-latest', { ...USUAL, ...CHAT_LATEST, images: 'none', efforts: ['medium'] }),
  row('gpt-5.1', { ...USUAL, ...LARGE, efforts: EFFORTS.gpt51 }),
  row('gpt-5.1-chat-latest', { ...USUAL, ...CHAT_LATEST, images: 'none', efforts: ['medium'] }),
  row('gpt-5.1-codex', { ...EARLIER, ...LARGE, dialects: RESPONSES, efforts: EFFORTS.o }),
  row('gpt-5.1-codex-max', { ...EARLIER, ...LARGE, dialects: RESPONSES, efforts: EFFORTS.codex }),
  row('gpt-5.1-codex-mini', { ...EARLIER, ...LARGE, dialects: RESPONSES, efforts: EFFORTS.o }),
  row('gpt-5', { ...USUAL, ...LARGE, efforts: EFFORTS.gpt5 }),
  row('gpt-5-mini', { ...USUAL, ...LARGE, efforts: EFFORTS.gpt5 }),
  row('gpt-5-nano', { ...USUAL, ...LARGE, efforts: EFFORTS.gpt5 }),
  row('gpt-5-pro', {
    ...USUAL,
    dialects: RESPONSES,
    efforts: ['high'],
    contextTokens: 400_000,
    maxOutputTokens: 272_000,
  }),
  row('gpt-5-chat-latest', { ...EARLIER, ...CHAT_LATEST, efforts: EFFORTS.none }),
  row('gpt-4.1', earlier(1_047_576, 32_768, 'tool')),
  row('gpt-4.1-mini', earlier(1_047_576, 32_768, 'tool')),
  row('gpt-4.1-nano', { ...earlier(1_047_576, 32_768, 'tool'), searchesIn: [] }),
  row('gpt-4o', earlier(128_000, 16_384, 'tool')),
  row('gpt-4o-mini', earlier(128_000, 16_384, 'tool')),
  row('gpt-5-search-api', searching(null, null)),
  row('gpt-4o-search-preview', searching(128_000, 16_384)),
  row('gpt-4o-mini-search-preview', searching(128_000, 16_384)),
  row('o4-mini', { ...earlier(200_000, 100_000, 'none'), efforts: EFFORTS.o }),
  row('o3', { ...earlier(200_000, 100_000, 'tool'), efforts: EFFORTS.o }),
  row('o3-pro', { ...earlier(200_000, 100_000, 'none'), dialects: RESPONSES, efforts: EFFORTS.o }),
  row('o3-mini', {
    ...earlier(200_000, 100_000, 'none'),
    efforts: EFFORTS.o,
    takesImages: false,
    takesFiles: false,
    searchesIn: [],
  }),
  row('o1', { ...earlier(200_000, 100_000, 'none'), efforts: EFFORTS.o, searchesIn: [] }),
  row('o1-pro', {
    ...earlier(200_000, 100_000, 'none'),
    dialects: RESPONSES,
    efforts: EFFORTS.o,
    searchesIn: [],
  }),
  row('gpt-4-turbo', { ...earlier(128_000, 4_096, 'none'), takesFiles: false, searchesIn: [] }),
  row('gpt-4', textOnly(8_192, 8_192)),
  row('gpt-3.5-turbo', textOnly(16_385, 4_096)),
  imageModel('gpt-image-2.6-sunburst'),
  imageModel('gpt-image-2.6-flare'),
  imageModel('gpt-image-2.5-sunburst'),
  imageModel('gpt-image-2.5-flare'),
  imageModel('gpt-image-2'),
  imageModel('gpt-image-1.5'),
  imageModel('gpt-image-1-mini'),
  imageModel('chatgpt-image-latest'),
];

type Facts = Omit<KnownModel, 'model' | 'sourceUrl' | 'readOn'>;

function row(model: string, facts: Facts): KnownModel {
  const sourceUrl = `https://developers.openai.com/api/docs/models/${model}`;
  return { model, ...facts, sourceUrl, readOn: READ_ON };
}

function earlier(contextTokens: number, maxOutputTokens: number, images: 'tool' | 'none'): Facts {
  return { ...EARLIER, images, efforts: EFFORTS.none, contextTokens, maxOutputTokens };
}

/** Searches before every answer, in Chat Completions only. */
function searching(contextTokens: number | null, maxOutputTokens: number | null): Facts {
  const facts = { ...EARLIER, efforts: EFFORTS.none, contextTokens, maxOutputTokens };
  return { ...facts, dialects: CHAT, searchesIn: CHAT, takesImages: false, takesFiles: false };
}

function textOnly(contextTokens: number, maxOutputTokens: number): Facts {
  const facts = earlier(contextTokens, maxOutputTokens, 'none');
  return { ...facts, takesImages: false, takesFiles: false, searchesIn: [] };
}

function imageModel(model: string): KnownModel {
  return row(model, {
    dialects: BOTH,
    efforts: EFFORTS.none,
    verbosities: [],
    takesImages: false,
    takesFiles: false,
    searchesIn: [],
    images: 'only',
    contextTokens: null,
    maxOutputTokens: null,
  });
}
