import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerIdentity } from './test-certificates.ts';

/** A proxy on loopback that sends every name to one place, so that tests can use names no resolver knows. */
export interface TestProxy {
  readonly port: number;
  /** `host:port` of every tunnel that was asked for, in order. */
  readonly asked: readonly string[];
  /** Everything clients said before a tunnel was open. */
  readonly heads: readonly string[];
  openSockets(): number;
  stop(): Promise<void>;
}

/** What a proxy does. */
export interface ProxyOptions {
  /** Where every tunnel really leads, on loopback. */
  readonly targetPort: number;
  /** `user:password`, as the client must send it. */
  readonly login?: string;
  /** Answered to every CONNECT instead of a tunnel. */
  readonly status?: number;
  /** What a 407 offers; `Basic realm="test"` unless told. */
  readonly offers?: string;
  /** Makes it a proxy that is itself reached over TLS. */
  readonly identity?: ServerIdentity;
}

/** Starts an HTTP proxy that understands CONNECT. */
export async function startConnectProxy(options: ProxyOptions): Promise<TestProxy> {
  const asked: string[] = [];
  const heads: string[] = [];
  const server = options.identity === undefined ? createHttpServer() : createHttpsServer(options.identity);
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    asked.push(request.url ?? '');
    heads.push(JSON.stringify(request.headers));
    client.on('error', () => client.destroy());
    const expected = `Basic ${Buffer.from(options.login ?? '').toString('base64')}`;
    if (options.status !== undefined) {
      client.end(`HTTP/1.1 ${options.status} No\r\ncontent-length: 0\r\n\r\n`);
    } else if (options.login !== undefined && request.headers['proxy-authorization'] !== expected) {
      const offers = options.offers ?? 'Basic realm="test"';
      client.end(
        `HTTP/1.1 407 Login\r\nproxy-authenticate: ${offers}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
      );
    } else {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      join(client, options.targetPort);
    }
  });
  return follow(server, asked, heads);
}

/** Starts a SOCKS 5 proxy (RFC 1928, RFC 1929). */
export async function startSocksProxy(
  options: Pick<ProxyOptions, 'targetPort' | 'login'>,
): Promise<TestProxy> {
  const asked: string[] = [];
  const heads: string[] = [];
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    void serveSocks(client, options, asked, heads).catch(() => client.destroy());
  });
  return follow(server, asked, heads);
}

async function serveSocks(
  client: Socket,
  { targetPort, login }: Pick<ProxyOptions, 'targetPort' | 'login'>,
  asked: string[],
  heads: string[],
): Promise<void> {
  const greeting = await nextChunk(client);
  heads.push(greeting.toString('latin1'));
  const wanted = login === undefined ? 0 : 2;
  if (!greeting.subarray(2).includes(wanted)) return void client.end(Buffer.from([5, 0xff]));
  client.write(Buffer.from([5, wanted]));
  if (login !== undefined) {
    const answer = await nextChunk(client);
    heads.push(answer.toString('latin1'));
    const nameLength = answer[1] ?? 0;
    const name = answer.subarray(2, 2 + nameLength).toString();
    const password = answer.subarray(3 + nameLength).toString();
    const isRight = `${name}:${password}` === login;
    client.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) return void client.end();
  }
  const request = await nextChunk(client);
  asked.push(readSocksTarget(request));
  client.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
  join(client, targetPort);
}

function readSocksTarget(request: Buffer): string {
  const isName = request[3] === 3;
  const host = isName
    ? request.subarray(5, 5 + (request[4] ?? 0)).toString()
    : [...request.subarray(4, 8)].join('.');
  return `${host}:${request.readUInt16BE(request.length - 2)}`;
}

function nextChunk(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    socket.once('data', resolve);
    socket.once('close', () => reject(new Error('closed')));
  });
}

function join(client: Duplex, targetPort: number): void {
  const target = connect(targetPort, '127.0.0.1');
  target.on('error', () => client.destroy());
  target.on('close', () => client.destroy());
  client.on('close', () => target.destroy());
  client.pipe(target).pipe(client);
}

async function follow(server: Server, asked: string[], heads: string[]): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // A client that refuses the proxy's certificate is what some tests are about.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    heads,
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
