import {
  drip,
  restAt,
  sendBody,
  sendHealthy,
  sendUpTo,
  textAt,
  type Exchange,
  type Position,
} from './exchange.ts';
import { broken, failedOnce, failedThrice, row, rows } from './fault-rows.ts';
import type { Fault } from './fault-table.ts';
import { chatChoice, numberedEvent, WHOLE_TEXT } from './wire.ts';

const EARLY: readonly Position[] = ['before headers', 'after headers'];
const LATE: readonly Position[] = ['first byte', 'middle', 'last'];
const DRIP_MS = 40;

async function reset(exchange: Exchange): Promise<void> {
  await sendUpTo(exchange, 'chunked');
  exchange.socket.resetAndDestroy();
}

async function fin(exchange: Exchange): Promise<void> {
  await sendUpTo(exchange, 'chunked');
  exchange.socket.end();
}

/** A polite end of the connection at the wrong time. */
async function truncate(exchange: Exchange): Promise<void> {
  await sendUpTo(exchange, 'plain');
  exchange.socket.end();
}

/** Sends what comes before, then nothing for ever. */
function stall(exchange: Exchange): Promise<void> {
  return sendUpTo(exchange);
}

async function comments(exchange: Exchange): Promise<void> {
  await sendUpTo(exchange);
  await drip(exchange.socket, ': ping\n\n', DRIP_MS);
}

async function endlessLine(exchange: Exchange): Promise<void> {
  await sendUpTo(exchange);
  exchange.socket.write('data: {"type":"');
  await drip(exchange.socket, 'x', DRIP_MS);
}

/** Events that say nothing but "still here". */
async function signsOfLife(exchange: Exchange): Promise<void> {
  await sendUpTo(exchange);
  const sign =
    exchange.dialect === 'responses'
      ? numberedEvent(undefined, 'keepalive', {})
      : chatChoice({ content: '' });
  await drip(exchange.socket, sign, DRIP_MS);
}

/** The finish reason, then something in place of token counts and `[DONE]`. */
function afterFinish(next: (exchange: Exchange) => void) {
  return async (exchange: Exchange): Promise<void> => {
    await sendUpTo(exchange, 'chunked');
    const [finish = ''] = restAt(exchange.dialect, 'last').ending;
    sendBody(exchange.socket, 'chunked', finish);
    next(exchange);
  };
}

function once(serve: (exchange: Exchange) => Promise<void>) {
  return async (exchange: Exchange): Promise<void> => {
    if (exchange.requestNumber === 1) await serve(exchange);
    else sendHealthy(exchange);
  };
}

/** What a dead or dying connection does. */
export const connectionFaults: readonly Fault[] = [
  ...rows(EARLY, (position) =>
    failedThrice({ name: 'reset', position, cause: reset }, 'network/interrupted'),
  ),
  ...rows(LATE, (position) => broken({ name: 'reset', position, cause: reset }, 'network/interrupted')),
  ...rows(EARLY, (position) =>
    row({
      name: 'reset once',
      position,
      cause: once(reset),
      state: 'done',
      code: null,
      requests: 2,
      text: WHOLE_TEXT,
    }),
  ),
  ...rows(EARLY, (position) => failedThrice({ name: 'FIN', position, cause: fin }, 'network/interrupted')),
  ...rows(LATE, (position) => broken({ name: 'FIN', position, cause: fin }, 'network/interrupted')),
  failedThrice(
    { name: 'polite end (empty 200)', position: 'after headers', cause: truncate },
    'network/interrupted',
  ),
  ...rows(LATE, (position) =>
    broken({ name: 'polite end, no `[DONE]`', position, cause: truncate }, 'network/interrupted'),
  ),
  ...rows(EARLY, (position) => failedOnce({ name: 'stall', position, cause: stall }, 'network/timeout')),
  ...rows(LATE, (position) => broken({ name: 'stall', position, cause: stall }, 'network/timeout')),
  ...rows(['after headers', 'middle', 'last'], (position) =>
    broken({ name: 'comments for ever (slow loris)', position, cause: comments }, 'network/timeout'),
  ),
  ...rows(['after headers', 'middle', 'last'], (position) =>
    broken({ name: 'one endless line, byte by byte', position, cause: endlessLine }, 'network/timeout'),
  ),
  ...rows(['after headers', 'middle', 'last'], (position) =>
    broken({ name: 'only signs of life', position, cause: signsOfLife }, 'network/timeout'),
  ),
  ...[
    ['reset', (exchange: Exchange) => void exchange.socket.resetAndDestroy()] as const,
    ['FIN', (exchange: Exchange) => void exchange.socket.end()] as const,
    ['stall', () => undefined] as const,
  ].map(([name, next]) =>
    row({
      name: `${name} after the finish reason`,
      position: 'last',
      dialects: ['chat-completions'],
      cause: afterFinish(next),
      state: 'done',
      code: null,
      text: WHOLE_TEXT,
    }),
  ),
  failedThrice({ name: 'DNS failure', position: 'before headers', cause: 'unknown name' }, 'network/dns'),
  failedThrice({ name: 'refused', position: 'before headers', cause: 'closed port' }, 'network/unreachable'),
  failedOnce({ name: 'TLS name', position: 'before headers', cause: 'wrong certificate' }, 'network/tls'),
  failedOnce(
    { name: 'proxy 407', position: 'before headers', cause: 'proxy with a login' },
    'network/proxy-login',
  ),
  failedOnce(
    { name: 'proxy 502', position: 'before headers', cause: 'proxy that refuses' },
    'network/proxy-refused',
  ),
  failedThrice(
    { name: 'proxy refused', position: 'before headers', cause: 'no proxy' },
    'network/proxy-unreachable',
  ),
  ...rows(['before headers', 'after headers', 'middle', 'last'], (position) =>
    row({
      name: 'Stop',
      position,
      cause: stall,
      act: 'stop',
      state: 'cancelled',
      code: null,
      text: textAt(position),
    }),
  ),
];
