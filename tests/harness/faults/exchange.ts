import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { HALF_TEXT, WHOLE_TEXT, wireOf, type Dialect } from './wire.ts';

/** Where in an answer something goes wrong. */
export const POSITIONS = ['before headers', 'after headers', 'first byte', 'middle', 'last'] as const;
/** See {@link POSITIONS}. `first byte`: one byte of the body has arrived; `last`: all of the text has. */
export type Position = (typeof POSITIONS)[number];

/** What the client side tells the server, so that a fault comes exactly where the table says and not a packet earlier. */
export interface Progress {
  /** Resolves once so many bytes of this cell's latest answer arrived. */
  arrived(bytes: number): Promise<void>;
  /** Resolves once the window shows this text. */
  shown(text: string): Promise<void>;
}

/** One request being answered. */
export interface Exchange {
  readonly socket: Socket;
  readonly dialect: Dialect;
  readonly position: Position;
  readonly progress: Progress;
  /** 1 for the first request of the cell. */
  readonly requestNumber: number;
  /** The origin of a server that must never be asked. */
  readonly elsewhere: string;
}

/** Answers one request in its own bad way. */
export type Serve = (exchange: Exchange) => Promise<void> | void;

/** Ends with the connection. */
export const PLAIN_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n';
/** Ends with an empty chunk: a connection that ends before it was cut. */
const CHUNKED_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n';

/** How the body is framed. */
export type Framing = 'plain' | 'chunked';

/** Sends everything that comes before the fault and waits until it has arrived. */
export async function sendUpTo(exchange: Exchange, framing: Framing = 'plain'): Promise<void> {
  const { socket, position, progress, dialect } = exchange;
  if (position === 'before headers') return;
  socket.write(framing === 'plain' ? PLAIN_HEAD : CHUNKED_HEAD);
  const wire = wireOf(dialect);
  switch (position) {
    case 'after headers':
      return;
    case 'first byte':
      sendBody(socket, framing, (wire.opening[0] ?? '').slice(0, 1));
      return progress.arrived(1);
    case 'middle':
      sendBody(socket, framing, [...wire.opening, ...wire.texts.slice(0, 3)].join(''));
      return progress.shown(HALF_TEXT);
    case 'last':
      sendBody(socket, framing, [...wire.opening, ...wire.texts].join(''));
      return progress.shown(WHOLE_TEXT);
  }
}

/** The text that has been sent when the fault comes. */
export function textAt(position: Position): string {
  if (position === 'last') return WHOLE_TEXT;
  return position === 'middle' ? HALF_TEXT : '';
}

/** What is left of the answer after the fault's place. */
export function restAt(
  dialect: Dialect,
  position: Position,
): { texts: readonly string[]; ending: readonly string[] } {
  const { opening, texts, ending } = wireOf(dialect);
  if (position === 'last') return { texts: [], ending };
  if (position === 'middle') return { texts: texts.slice(3), ending };
  const [first = '', ...others] = opening;
  return { texts: [position === 'first byte' ? first.slice(1) : first, ...others, ...texts], ending };
}

/** Writes a piece of the body. */
export function sendBody(socket: Socket, framing: Framing, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  if (framing === 'plain') socket.write(bytes);
  else
    socket.write(
      Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]),
    );
}

/** Sends an answer with a length and closes. */
export function sendStatus(
  socket: Socket,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const fields = { 'content-type': 'application/json', connection: 'close', ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(body);
  socket.end(`HTTP/1.1 ${status} X\r\n${lines.join('')}content-length: ${length}\r\n\r\n${body}`);
}

/** Repeats a piece until the client hangs up. */
export async function drip(socket: Socket, piece: string, everyMs: number): Promise<void> {
  while (!socket.destroyed && socket.writable) {
    socket.write(piece);
    await delay(everyMs);
  }
}

/** A whole, healthy answer. */
export function sendHealthy({ socket, dialect }: Pick<Exchange, 'socket' | 'dialect'>): void {
  const { opening, texts, ending } = wireOf(dialect);
  socket.end(PLAIN_HEAD + [...opening, ...texts, ...ending].join(''));
}
