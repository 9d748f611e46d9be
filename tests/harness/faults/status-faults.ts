import { drip, sendHealthy, sendStatus, type Exchange, type Serve } from './exchange.ts';
import { failedOnce, failedThrice, row } from './fault-rows.ts';
import type { Fault } from './fault-table.ts';
import { WHOLE_TEXT } from './wire.ts';

const HOUR_S = 3_600;
const position = 'before headers';
const recovered = { position, state: 'done', code: null, requests: 2, text: WHOLE_TEXT } as const;

function status(code: number, error: object, headers: Readonly<Record<string, string>> = {}): Serve {
  return ({ socket }) => sendStatus(socket, code, JSON.stringify({ error }), headers);
}

function once(serve: Serve): Serve {
  return (exchange) => (exchange.requestNumber === 1 ? serve(exchange) : sendHealthy(exchange));
}

function rateLimited(retryAfterS: number): Serve {
  const headers = { 'retry-after': String(retryAfterS) };
  return status(429, { code: 'rate_limit_exceeded', message: 'slower' }, headers);
}

function page(headers: Readonly<Record<string, string>>, body: string): Serve {
  return ({ socket }) => sendStatus(socket, 200, body, headers);
}

function redirect({ socket, elsewhere }: Exchange): void {
  sendStatus(socket, 307, '', { location: `${elsewhere}/v1/responses` });
}

/** Says 500 and never comes to the end of why. */
async function endlessReason({ socket }: Exchange): Promise<void> {
  socket.write('HTTP/1.1 500 X\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"error":"');
  await drip(socket, 'x', 40);
}

function otherProtocol({ socket }: Exchange): void {
  socket.end('SSH-2.0-OpenSSH_9.9\r\n');
}

const serverError = status(500, { message: 'x' });

/** What comes instead of an answer. */
export const statusFaults: readonly Fault[] = [
  failedOnce(
    { name: 'HTML 200', position, cause: page({ 'content-type': 'text/html' }, '<h1>Sign in</h1>') },
    'provider/unexpected-response',
  ),
  failedThrice(
    { name: 'empty 200', position, cause: page({ 'content-type': 'text/event-stream' }, '') },
    'network/interrupted',
  ),
  failedOnce({ name: 'another protocol', position, cause: otherProtocol }, 'provider/unexpected-response'),
  failedOnce({ name: '307', position, cause: redirect }, 'provider/redirected'),
  failedOnce({ name: '400', position, cause: status(400, { message: 'x' }) }, 'request/invalid'),
  failedOnce(
    { name: '401', position, cause: status(401, { code: 'invalid_api_key', message: 'x' }) },
    'auth/rejected-key',
  ),
  failedOnce({ name: '403', position, cause: status(403, { message: 'x' }) }, 'auth/forbidden'),
  failedOnce(
    { name: '404 model', position, cause: status(404, { code: 'model_not_found', message: 'x' }) },
    'request/unknown-model',
  ),
  failedOnce({ name: '404', position, cause: status(404, { message: 'x' }) }, 'provider/unexpected-response'),
  failedThrice({ name: '408', position, cause: status(408, { message: 'x' }) }, 'network/timeout'),
  failedOnce({ name: '413', position, cause: status(413, { message: 'x' }) }, 'request/too-large'),
  failedThrice(
    { name: '429', position, cause: status(429, { code: 'rate_limit_exceeded', message: 'x' }) },
    'quota/rate-limited',
  ),
  row({ name: '429 once, Retry-After 1 s', cause: once(rateLimited(1)), minWaitMs: 1_000, ...recovered }),
  row({
    name: '429, Retry-After 1 h, Stop',
    position,
    cause: rateLimited(HOUR_S),
    act: 'stop while it waits',
    state: 'cancelled',
    code: null,
  }),
  row({
    name: '429 once, Retry-After 1 h, Try now',
    cause: once(rateLimited(HOUR_S)),
    act: 'try now',
    ...recovered,
  }),
  failedOnce(
    { name: '429, Retry-After 48 h', position, cause: rateLimited(48 * HOUR_S) },
    'quota/rate-limited',
  ),
  failedOnce(
    {
      name: '429 insufficient_quota',
      position,
      cause: status(429, { code: 'insufficient_quota', message: 'x' }),
    },
    'quota/insufficient',
  ),
  failedThrice({ name: '500', position, cause: serverError }, 'provider/server-error'),
  row({ name: '500 once', cause: once(serverError), ...recovered }),
  failedOnce({ name: '500, its body endless', position, cause: endlessReason }, 'network/timeout'),
  failedThrice({ name: '503', position, cause: status(503, { message: 'x' }) }, 'provider/server-error'),
  row({
    name: '503 once, Retry-After 1 s',
    cause: once(status(503, { message: 'x' }, { 'retry-after': '1' })),
    minWaitMs: 1_000,
    ...recovered,
  }),
];
