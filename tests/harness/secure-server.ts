import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerIdentity } from './test-certificates.ts';

/** An https server on loopback. */
export interface SecureServer {
  readonly port: number;
  /** How many requests got through to it. */
  readonly requests: readonly IncomingMessage[];
  openSockets(): number;
  stop(): Promise<void>;
}

/** Puts TLS in front of a plain server on loopback, as a company's gateway does. */
export function startSecureFront(identity: ServerIdentity, plainUrl: string): Promise<SecureServer> {
  return startSecureServer(identity, (request, response) => {
    const { method, headers, url } = request;
    const passed = forward(new URL(url ?? '/', plainUrl), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  });
}

/** Starts an https server with a certificate of a test's own. */
export async function startSecureServer(
  identity: ServerIdentity,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<SecureServer> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer(identity, (request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // A client that refuses the certificate is what many of these tests are about.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
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
