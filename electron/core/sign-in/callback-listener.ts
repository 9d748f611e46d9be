import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AppError } from '../../contract/app-error.ts';
import { callbackPage, refusal, type CallbackPage } from './callback-page.ts';
import { judgeCallback, type CallbackAnswer, type ExpectedCallback } from './judge-callback.ts';

/** A loopback port that waits for one browser to come back, once. */
export interface CallbackListener {
  /** `http://localhost:PORT/PATH`, both random. */
  readonly callbackUrl: string;
  /** The first callback that counts. Never settles when there is none: whoever waits has a limit of their own. */
  readonly answer: Promise<CallbackAnswer>;
  /** Frees the port and drops whoever is connected. Calling it twice is fine. */
  close(): Promise<void>;
}

/** Longest time a client may take to state its request. */
const REQUEST_TIMEOUT_MS = 5_000;
/** A browser opens a few connections ahead; nobody needs more. */
const MAX_CONNECTIONS = 16;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;
/** How often another port is tried when the one the system gave is taken on IPv6. */
const PORT_ATTEMPTS = 8;

/**
 * Opens a listener on 127.0.0.1 and, where the system has it, on ::1 with the same port: `localhost` is both, and on a half
 * that is free another program could listen. Throws `sign-in/failed`.
 */
export async function openCallbackListener(): Promise<CallbackListener> {
  const expected = { host: '', path: `/${randomBytes(32).toString('base64url')}` };
  let settle: (answer: CallbackAnswer) => void = () => undefined;
  const answer = new Promise<CallbackAnswer>((resolve) => {
    settle = resolve;
  });
  const handle = answerOnce(expected, settle);
  const { port, servers } = await bindLoopback(() => createBoundedServer(handle));
  expected.host = `localhost:${port}`;
  for (const server of servers) server.on('error', () => settle({ kind: 'failed' }));
  return {
    callbackUrl: `http://${expected.host}${expected.path}`,
    answer,
    async close() {
      await Promise.all(servers.map((server) => closeServer(server)));
    },
  };
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

function answerOnce(expected: ExpectedCallback, settle: (answer: CallbackAnswer) => void): Handle {
  let isAnswered = false;
  return (request, response) => {
    const { method = '', url: target = '', headersDistinct: headers } = request;
    const verdict = judgeCallback({ method, target, headers }, expected);
    if (verdict.kind === 'refused') return send(response, refusal(verdict.status));
    if (isAnswered) return send(response, callbackPage('second'));
    isAnswered = true;
    // Not before the page is on its way: what follows closes every connection.
    response.once('close', () => settle(verdict));
    send(response, callbackPage(verdict.kind));
  };
}

function send(response: ServerResponse, page: CallbackPage): void {
  response.writeHead(page.status, page.headers).end(page.body);
}

function createBoundedServer(handle: Handle): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 1,
      insecureHTTPParser: false,
    },
    handle,
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.maxHeadersCount = MAX_HEADERS;
  // Also for a client that connects and says nothing, or stops reading.
  server.setTimeout(REQUEST_TIMEOUT_MS, (socket) => socket.destroy());
  return server;
}

async function bindLoopback(makeServer: () => Server): Promise<{ port: number; servers: readonly Server[] }> {
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt += 1) {
    const first = makeServer();
    const port = await listen(first, 0, '127.0.0.1');
    const second = makeServer();
    try {
      await listen(second, port, '::1');
      return { port, servers: [first, second] };
    } catch (error) {
      // Without IPv6 there is no other half to guard.
      if (codeOf(error) !== 'EADDRINUSE') return { port, servers: [first] };
      await closeServer(first);
    }
  }
  throw new AppError('sign-in/failed', 'No free port was found for the sign-in.');
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, ipv6Only: host === '::1' }, () => {
      server.off('error', reject);
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('the listener has no port'));
    });
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The only complaint of `close` is that the server is closed already.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
