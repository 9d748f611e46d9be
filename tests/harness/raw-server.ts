import { createServer, type Server, type Socket } from 'node:net';

/** A request exactly as it came over the socket. */
export interface RawRequest {
  readonly head: string;
  readonly body: string;
}

/** A server that records raw bytes and answers with whatever bytes a test writes: for faults no polite server makes. */
export interface RawServer {
  readonly baseUrl: string;
  readonly requests: readonly RawRequest[];
  /** How many connections are open now. */
  openSockets(): number;
  stop(): Promise<void>;
}

/** Starts one on a free loopback port. `answer` is called once per complete request. */
export async function startRawServer(
  answer: (request: RawRequest, socket: Socket) => void,
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that hangs up is what many of these tests are about.
    socket.on('error', () => socket.destroy());
    readRequest(socket, (request) => {
      requests.push(request);
      answer(request, socket);
    });
  });
  const port = await listen(server);
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    openSockets: () => sockets.size,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function readRequest(socket: Socket, onRequest: (request: RawRequest) => void): void {
  let received = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    const headEnd = received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = received.subarray(0, headEnd).toString('latin1');
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    if (received.length < headEnd + 4 + length) return;
    const body = received.subarray(headEnd + 4, headEnd + 4 + length).toString('utf8');
    received = received.subarray(headEnd + 4 + length);
    onRequest({ head, body });
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('no port'));
    });
  });
}

/** The head of a server-sent-events answer without a length: it ends when the connection does. */
export const EVENT_STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n';

/** One Responses API event on the wire. */
export function responseEvent(event: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
