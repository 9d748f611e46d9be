import type { APIError } from 'openai';
import type { Dialect } from '../../../contract/model/connection.ts';
import type { Generation } from '../../../contract/model/generation.ts';
import { isOptional, type RequestPart, type Trait } from '../../models/request-part.ts';

/** What was sent. */
export interface SentParts {
  readonly dialect: Dialect;
  readonly parts: ReadonlySet<RequestPart>;
  readonly generation: Generation;
}

/** Longest text of an error that is looked at. */
const MAX_TEXT = 4_000;

/** Errors that say what is wrong with a parameter; other codes are about something else, whatever they name. */
const CODES: ReadonlySet<unknown> = new Set([
  null,
  undefined,
  '',
  400,
  '400',
  422,
  'unsupported_parameter',
  'unknown_parameter',
  'unsupported_value',
  'invalid_value',
  'invalid_type',
  'invalid_request_error',
  'integer_below_min_value',
]);

const REFUSAL =
  /\b(?:unsupported|not supported|(?:does|do) not support|unknown|unrecognized|unexpected|extra inputs?|not permitted|not allowed|invalid|verified to)\b/i;

/** That a model takes no pictures or files at all. */
const REFUSAL_OF_INPUT =
  /\b(?:unsupported|not supported|only supported|(?:does|do) not support|doesn't support|unknown|unrecognized|unexpected|extra inputs?|not permitted)\b/i;

/** What is wrong with one picture or file says nothing of the next. */
const FAULT_OF_FILE =
  /\b(?:process|decode|download|fetch|read|parse|open|corrupt|damaged|encrypt|password|empty|pages?|pixels?|resolution|dimensions?|size|large|small|bytes|formats?|mime|media|extension|base64|url must|png|jpe?g|gif|webp)/i;

const CODES_OF_INPUT: ReadonlySet<unknown> = new Set(['unsupported_parameter', 'unknown_parameter']);

/** How the parts are called on the wire: the whole path of a parameter, and words by which a text names it. */
const NAMES: Record<
  Dialect,
  Partial<Record<RequestPart, { paths: readonly string[]; words: readonly string[] }>>
> = {
  responses: {
    effort: { paths: ['reasoning.effort', 'reasoning'], words: ['reasoning.effort', 'reasoning'] },
    'reasoning-summary': {
      paths: ['reasoning.summary', 'reasoning.generate_summary', 'reasoning'],
      words: ['reasoning.summary', 'reasoning summaries', 'reasoning'],
    },
    verbosity: { paths: ['text.verbosity', 'text'], words: ['text.verbosity', 'verbosity'] },
    'web-search': { paths: [], words: ['web_search'] },
    'image-generation': { paths: [], words: ['image_generation'] },
    'image-input': { paths: [], words: ['input_image', 'image_url'] },
    'file-input': { paths: [], words: ['input_file', 'file_data'] },
  },
  'chat-completions': {
    effort: { paths: ['reasoning_effort'], words: ['reasoning_effort'] },
    verbosity: { paths: ['verbosity'], words: ['verbosity'] },
    'web-search': { paths: ['web_search_options'], words: ['web_search_options'] },
    'usage-in-stream': {
      paths: ['stream_options', 'stream_options.include_usage'],
      words: ['stream_options', 'include_usage'],
    },
    'image-input': { paths: [], words: ['image_url'] },
    'file-input': { paths: [], words: ['file_data'] },
  },
};

/**
 * The parts a server names when it refuses a request. Its words are looked at and go nowhere: the worst a lie can do is one
 * request more without a part that was asked for.
 */
export function findRefusedParts(error: APIError, sent: SentParts): Trait[] {
  const { status, code, param } = error as { status: unknown; code: unknown; param: unknown };
  if ((status !== 400 && status !== 422) || !CODES.has(code)) return [];
  const text = String(error.message).slice(0, MAX_TEXT);
  const isAboutInput = (CODES_OF_INPUT.has(code) || REFUSAL_OF_INPUT.test(text)) && !FAULT_OF_FILE.test(text);
  const named = [...sent.parts].filter(
    (part) => (isOptional(part) || isAboutInput) && isNamed(part, { param, text }, sent),
  );
  const isAboutValue =
    code === 'unsupported_value' || code === 'invalid_value' || /supported values/i.test(text);
  return named.map((part) => (isAboutValue ? valueOf(part, sent.generation) : part));
}

function isNamed(
  part: RequestPart,
  { param, text }: { readonly param: unknown; readonly text: string },
  { dialect, parts }: SentParts,
): boolean {
  const names = NAMES[dialect][part];
  if (names === undefined) return false;
  if (typeof param === 'string' && param !== '') {
    if (names.paths.includes(param)) return true;
    const tool = toolAt(param, parts);
    if (tool !== null) return tool === 'some' ? mentions(text, names.words) : tool === part;
    // Where a picture or a file stands in a request is a path of its own: input[2].content[0].image_url
    return names.paths.length === 0 && /[.[]/.test(param) && mentions(param, names.words);
  }
  return (!isOptional(part) || REFUSAL.test(text)) && mentions(text, names.words);
}

/** The tool a path leads to, `some` when it leads to all of them, null when it is about no tool. */
function toolAt(param: string, parts: ReadonlySet<RequestPart>): RequestPart | 'some' | null {
  const match = /^tools(?:\[(\d)\]|\.(\d))?(?:\.\w+)?$/.exec(param);
  if (match === null) return null;
  const tools = (['web-search', 'image-generation'] as const).filter((tool) => parts.has(tool));
  const index = match[1] ?? match[2];
  if (index === undefined) return tools.length === 1 ? (tools[0] ?? null) : 'some';
  return tools[Number(index)] ?? 'some';
}

/** As a word of its own: `text` is no part of `context`. */
function mentions(text: string, words: readonly string[]): boolean {
  return words.some((word) =>
    new RegExp(`(?<!\\w)${word.replaceAll('.', '\\.')}(?!\\w|\\.\\w)`, 'i').test(text),
  );
}

function valueOf(part: RequestPart, { effort, verbosity }: Generation): Trait {
  if (part === 'effort' && effort !== null) return `effort:${effort}`;
  if (part === 'verbosity' && verbosity !== null) return `verbosity:${verbosity}`;
  return part;
}
