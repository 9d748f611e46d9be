import { responseEvent } from '../raw-server.ts';

/** How a server speaks. */
export type Dialect = 'responses' | 'chat-completions';

/** What every faulty answer would say if nothing went wrong: one-, two-, three- and four-byte characters. */
export const PARTS = ['The ', 'quick ', '🦊 ', 'jümps ', 'over ', '狗.'] as const;
/** {@link PARTS} as one. */
export const WHOLE_TEXT = PARTS.join('');
/** The text that has been sent in the middle of an answer. */
export const HALF_TEXT = PARTS.slice(0, 3).join('');

/** A healthy answer in pieces, ready to be sent. */
export interface Wire {
  /** Before any text. */
  readonly opening: readonly string[];
  /** One per part. */
  readonly texts: readonly string[];
  /** From the end of the text on; the answer is whole with the first of them. */
  readonly ending: readonly string[];
}

/** Builds one answer. `renumber` decides the sequence number of each event of the Responses API; undefined leaves it out. */
export function wireOf(dialect: Dialect, renumber: (number: number) => unknown = (number) => number): Wire {
  return dialect === 'responses' ? responsesWire(renumber) : chatWire();
}

/** One event of the Responses API with its number. */
export function numberedEvent(
  number: unknown,
  type: string,
  fields: Readonly<Record<string, unknown>>,
): string {
  return responseEvent({ type, ...(number === undefined ? {} : { sequence_number: number }), ...fields });
}

/** One chunk of Chat Completions. */
export function chatChunk(fields: Readonly<Record<string, unknown>>): string {
  return `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', model: 'm', ...fields })}\n\n`;
}

/** A chunk of Chat Completions with one choice. */
export function chatChoice(delta: object, finishReason: string | null = null): string {
  return chatChunk({ choices: [{ index: 0, delta, finish_reason: finishReason }] });
}

/** The number of the first event that carries text. */
export const FIRST_TEXT_NUMBER = 3;

function responsesWire(renumber: (number: number) => unknown): Wire {
  const event = (number: number, type: string, fields: Readonly<Record<string, unknown>>): string =>
    numberedEvent(renumber(number), type, fields);
  const usage = { input_tokens: 11, output_tokens: 22, total_tokens: 33 };
  return {
    opening: [
      event(0, 'response.created', { response: { id: 'r1' } }),
      event(1, 'response.in_progress', { response: { id: 'r1' } }),
      event(2, 'response.output_item.added', { output_index: 0, item: { type: 'message' } }),
    ],
    texts: PARTS.map((delta, index) =>
      event(FIRST_TEXT_NUMBER + index, 'response.output_text.delta', { delta }),
    ),
    ending: [
      event(FIRST_TEXT_NUMBER + PARTS.length, 'response.completed', { response: { id: 'r1', usage } }),
    ],
  };
}

function chatWire(): Wire {
  const usage = { prompt_tokens: 11, completion_tokens: 22, total_tokens: 33 };
  return {
    opening: [chatChoice({ role: 'assistant', content: '' })],
    texts: PARTS.map((content) => chatChoice({ content })),
    ending: [chatChoice({}, 'stop'), chatChunk({ choices: [], usage }), 'data: [DONE]\n\n'],
  };
}
