import { setTimeout as delay } from 'node:timers/promises';
import {
  PLAIN_HEAD,
  restAt,
  sendUpTo,
  textAt,
  type Exchange,
  type Position,
  type Serve,
} from './exchange.ts';
import { broken, failedOnce, row, rows } from './fault-rows.ts';
import type { Fault } from './fault-table.ts';
import {
  chatChoice,
  FIRST_TEXT_NUMBER,
  HALF_TEXT,
  numberedEvent,
  PARTS,
  WHOLE_TEXT,
  wireOf,
  type Dialect,
} from './wire.ts';

const PLACES: readonly Position[] = ['after headers', 'middle', 'last'];
const RESPONSES: readonly Dialect[] = ['responses'];
const MEGABYTE = Buffer.alloc(1_048_576, 'x');

/** Sends what comes before, one piece that differs by dialect, and the rest as if nothing had been. */
function piece(of: Readonly<Record<Dialect, string>>): Serve {
  return async (exchange) => {
    await sendUpTo(exchange);
    const { texts, ending } = restAt(exchange.dialect, exchange.position);
    exchange.socket.end([of[exchange.dialect], ...texts, ...ending].join(''));
  };
}

function errorEvent(code: string): Serve {
  const error = { type: 'x', code, message: 'words of the provider' };
  return piece({
    responses: numberedEvent(undefined, 'error', { code, message: error.message }),
    'chat-completions': `data: ${JSON.stringify({ error })}\n\n`,
  });
}

function failedResponse(code: string): Serve {
  const failed = numberedEvent(undefined, 'response.failed', { response: { error: { code, message: 'x' } } });
  return piece({ responses: failed, 'chat-completions': '' });
}

function incomplete(reason: string, finishReason: string): Serve {
  const response = { incomplete_details: { reason } };
  return piece({
    responses: numberedEvent(undefined, 'response.incomplete', { response }),
    'chat-completions': chatChoice({}, finishReason),
  });
}

/** The end by length, then neither token counts nor an end of the connection. */
async function stallAfterLength(exchange: Exchange): Promise<void> {
  await sendUpTo(exchange);
  exchange.socket.write(chatChoice({}, 'length'));
}

function sameFor(text: string): Serve {
  return piece({ responses: text, 'chat-completions': text });
}

/** All events of an answer of the Responses API, rearranged. */
function arranged(arrange: (events: readonly string[]) => readonly string[]): Serve {
  return ({ socket }) => {
    const { opening, texts, ending } = wireOf('responses');
    socket.end(PLAIN_HEAD + arrange([...opening, ...texts, ...ending]).join(''));
  };
}

function renumbered(renumber: (number: number) => unknown): Serve {
  return ({ socket }) => {
    const { opening, texts, ending } = wireOf('responses', renumber);
    socket.end(PLAIN_HEAD + [...opening, ...texts, ...ending].join(''));
  };
}

/** The index of the event a fault of the order is about. */
function indexAt(position: Position): number {
  if (position === 'last') return FIRST_TEXT_NUMBER + PARTS.length - 1;
  return position === 'middle' ? FIRST_TEXT_NUMBER + 3 : 1;
}

function doubled(position: Position): Serve {
  const index = indexAt(position);
  return arranged((events) => events.toSpliced(index, 0, events[index] ?? ''));
}

function missing(position: Position): Serve {
  return arranged((events) => events.toSpliced(indexAt(position), 1));
}

function swapped(position: Position): Serve {
  const index = indexAt(position);
  return arranged((events) => events.toSpliced(index, 2, events[index + 1] ?? '', events[index] ?? ''));
}

/** A new packet before every byte that is not ASCII, so that each character is split everywhere it can be. */
async function splitCharacters({ socket, dialect }: Exchange): Promise<void> {
  const { opening, texts, ending } = wireOf(dialect);
  socket.setNoDelay(true);
  socket.write(PLAIN_HEAD);
  const body = Buffer.from([...opening, ...texts, ...ending].join(''), 'utf8');
  let sent = 0;
  for (let end = 1; end < body.length; end += 1) {
    if ((body[end] ?? 0) < 0x80) continue;
    socket.write(body.subarray(sent, end));
    sent = end;
    await delay(2);
  }
  socket.end(body.subarray(sent));
}

/** Ends within the four bytes of a character. */
async function cutCharacter(exchange: Exchange): Promise<void> {
  await sendUpTo(exchange);
  const next = Buffer.from(
    exchange.dialect === 'responses' ? 'data: {"delta":"🦊' : 'data: {"choices":"🦊',
    'utf8',
  );
  exchange.socket.end(next.subarray(0, -2));
}

/** Far more than any event, as fast as the client takes it. */
async function hugeEvent(exchange: Exchange): Promise<void> {
  await sendUpTo(exchange);
  const { socket } = exchange;
  socket.write('data: {"type":"');
  // Not waited for: a server that pauses would be another fault.
  for (let sent = 0; sent < 32; sent += 1) socket.write(MEGABYTE);
  socket.end('"}\n\n');
}

/** Where the text before a fault of the order ends. */
function textBefore(position: Position): string {
  if (position === 'last') return PARTS.slice(0, -1).join('');
  return position === 'middle' ? HALF_TEXT : '';
}

const whole = { state: 'done', code: null, text: WHOLE_TEXT } as const;

/** What a stream can say wrongly. */
export const streamFaults: readonly Fault[] = [
  ...rows(PLACES, (position) =>
    broken({ name: 'malformed JSON', position, cause: sameFor('data: {"type":\n\n') }, 'provider/garbled'),
  ),
  ...['null', '42', '"text"', '[]'].map((json) =>
    broken(
      { name: `\`${json}\` for an event`, position: 'middle', cause: sameFor(`data: ${json}\n\n`) },
      'provider/garbled',
    ),
  ),
  row({ name: 'an empty object for an event', position: 'middle', cause: sameFor('data: {}\n\n'), ...whole }),
  row({ name: 'every character split (UTF-8)', position: 'middle', cause: splitCharacters, ...whole }),
  ...rows(['after headers', 'middle', 'last'], (position) =>
    broken({ name: 'end within a character (UTF-8)', position, cause: cutCharacter }, 'provider/garbled'),
  ),
  ...rows(PLACES, (position) =>
    row({ name: 'number sent twice', position, dialects: RESPONSES, cause: doubled(position), ...whole }),
  ),
  ...rows(PLACES, (position) =>
    broken(
      {
        name: 'number missing',
        position,
        dialects: RESPONSES,
        cause: missing(position),
        text: textBefore(position),
      },
      'network/interrupted',
    ),
  ),
  ...rows(PLACES, (position) =>
    row({ name: 'numbers swapped', position, dialects: RESPONSES, cause: swapped(position), ...whole }),
  ),
  row({
    name: 'no numbers',
    position: 'middle',
    dialects: RESPONSES,
    cause: renumbered(() => undefined),
    ...whole,
  }),
  row({
    name: 'one number for all',
    position: 'middle',
    dialects: RESPONSES,
    cause: renumbered(() => 0),
    ...whole,
  }),
  ...rows(PLACES, (position) =>
    failedOnce({ name: 'error event', position, cause: errorEvent('server_error') }, 'provider/server-error'),
  ),
  failedOnce(
    { name: 'error event: rate limit', position: 'after headers', cause: errorEvent('rate_limit_exceeded') },
    'quota/rate-limited',
  ),
  failedOnce(
    { name: 'error event: quota', position: 'middle', cause: errorEvent('insufficient_quota') },
    'quota/insufficient',
  ),
  ...rows(PLACES, (position) =>
    failedOnce(
      { name: '`response.failed`', position, dialects: RESPONSES, cause: failedResponse('server_error') },
      'provider/server-error',
    ),
  ),
  ...rows(PLACES, (position) =>
    broken(
      { name: '`response.incomplete`, `length`', position, cause: incomplete('max_output_tokens', 'length') },
      'provider/incomplete',
    ),
  ),
  broken(
    {
      name: 'stall after `length`',
      position: 'last',
      dialects: ['chat-completions'],
      cause: stallAfterLength,
    },
    'provider/incomplete',
  ),
  ...rows(PLACES, (position) =>
    failedOnce(
      { name: 'content filter', position, cause: incomplete('content_filter', 'content_filter') },
      'provider/content-filtered',
    ),
  ),
  ...rows(PLACES, (position) =>
    broken(
      { name: '32 MB event', position, cause: hugeEvent, text: textAt(position) },
      'provider/unexpected-response',
    ),
  ),
];
