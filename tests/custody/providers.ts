import type { Socket } from 'node:net';
import { EVENT_STREAM_HEAD, responseEvent, startRawServer, type RawServer } from '../harness/raw-server.ts';

/** Writes one whole answer, knowing the key it was asked with. */
export type Answer = (key: string, socket: Socket) => void;

/** A server whose manners a test changes as it goes. It starts as a good one. */
export interface Provider extends RawServer {
  answerWith(answer: Answer): void;
}

/** Starts one. */
export async function startProvider(): Promise<Provider> {
  let current: Answer = answerWell;
  const server = await startRawServer((request, socket) => {
    const key = /^authorization: Bearer (\S+)/im.exec(request.head)?.[1] ?? '';
    if (request.head.startsWith('GET ') && current === answerWell) answerModels(key, socket);
    else current(key, socket);
  });
  return { ...server, answerWith: (answer) => (current = answer) };
}

/** A streamed answer that ends well. */
export const answerWell: Answer = (_key, socket) => {
  socket.end(EVENT_STREAM_HEAD + DELTA + COMPLETED);
};

/** The first half of a streamed answer; `finish` sends the rest. */
export function answerInHalves(): { readonly answer: Answer; finish(): void } {
  const open: Socket[] = [];
  return {
    answer: (_key, socket) => {
      open.push(socket);
      socket.write(EVENT_STREAM_HEAD + DELTA);
    },
    finish() {
      for (const socket of open) socket.end(COMPLETED);
    },
  };
}

const answerModels: Answer = (_key, socket) =>
  end(
    socket,
    '200 OK',
    { 'content-type': 'application/json' },
    '{"object":"list","data":[{"id":"a-model"}]}',
  );

const DELTA = responseEvent({ type: 'response.output_text.delta', delta: 'An answer.' });
const COMPLETED = responseEvent({ type: 'response.completed', response: { usage: null } });

/**
 * The worst servers: all are given the key and repeat it wherever a client might show or store it. (In the text of an
 * answer or in a model's name it is the server's own text, which is shown as every text is.)
 */
export const HOSTILE: Readonly<Record<string, (foreignUrl: string) => Answer>> = {
  'a 401 that says the key': () => (key, socket) =>
    end(socket, '401 Unauthorized', JSON_TYPE, errorBody(`Incorrect API key provided: ${key}`, key)),
  'a 200 with the key as its media type': () => (key, socket) =>
    end(socket, '200 OK', { 'content-type': key }, '{}'),
  'a 400 with the key as its code': () => (key, socket) =>
    end(
      socket,
      '400 Bad Request',
      JSON_TYPE,
      JSON.stringify({ error: { message: key, code: key, type: key, param: key } }),
    ),
  'a 500 with the key in plain text': () => (key, socket) =>
    end(socket, '500 Internal Server Error', { 'content-type': 'text/plain' }, `panic: key=${key}`),
  'the key in the headers and the status line': () => (key, socket) =>
    end(
      socket,
      `429 ${key}`,
      { ...JSON_TYPE, 'x-request-id': key, 'retry-after': key, 'set-cookie': `k=${key}` },
      errorBody(key, key),
    ),
  'a redirect to another host with the key': (foreignUrl) => (key, socket) =>
    end(socket, '307 Temporary Redirect', { location: `${foreignUrl}/?key=${key}` }, key),
  'an HTML page with the key': () => (key, socket) =>
    end(socket, '200 OK', { 'content-type': 'text/html' }, `<title>${key}</title><p>${key}</p>`),
  'malformed events with the key': () => (key, socket) =>
    socket.end(
      `${EVENT_STREAM_HEAD}event: ${key}\ndata: {"type":"response.output_text.delta","delta":"${key}\n\n`,
    ),
  'events of no known kind with the key': () => (key, socket) =>
    socket.end(
      EVENT_STREAM_HEAD +
        `: ${key}\nid: ${key}\nretry: ${key}\n\n` +
        responseEvent({ type: key, key }) +
        responseEvent({ type: 'response.output_text.delta', delta: { text: key } }),
    ),
  'an error event with the key': () => (key, socket) =>
    socket.end(EVENT_STREAM_HEAD + responseEvent({ type: 'error', message: key, code: key, param: key })),
  'a failed answer with the key': () => (key, socket) =>
    socket.end(
      EVENT_STREAM_HEAD +
        DELTA +
        responseEvent({ type: 'response.failed', response: { id: key, error: { code: key, message: key } } }),
    ),
  'a length that is a lie, and the key after it': () => (key, socket) =>
    socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n{}   ${key}`),
};

const JSON_TYPE = { 'content-type': 'application/json' };

function errorBody(message: string, code: string): string {
  return JSON.stringify({ error: { message, code } });
}

function end(socket: Socket, status: string, headers: Readonly<Record<string, string>>, body: string): void {
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status}\r\n${head}\r\n${body}`);
}
