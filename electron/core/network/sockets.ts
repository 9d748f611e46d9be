import * as http from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { SocksClient } from 'socks';
import { AppError } from '../../contract/app-error.ts';
import { toTlsError, toTcpError } from './map-socket-error.ts';
import { basicCredentials } from './proxy-logins.ts';
import type { ProxyAddress, ProxyLogin } from './route.ts';

/** One end of a connection. `host` without brackets. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Opens a socket. Throws `network/dns`, `network/unreachable` or `network/timeout`; an abort closes it. */
export async function connectTcp({ host, port }: Endpoint, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
  try {
    await until(socket, 'connect', signal);
    return socket;
  } catch (error) {
    throw toTcpError(error, host);
  }
}

/**
 * Makes an open socket secure and sees who is at the other end. Nothing can switch this off: neither the environment, whose
 * list of authorities is not asked, nor a caller. Throws `network/tls` (details.reason) or `network/timeout`.
 */
export async function secure(
  socket: Socket,
  host: string,
  options: {
    readonly context: SecureContext;
    readonly signal: AbortSignal;
    /** Sees the socket once the handshake is done, also when the certificate is about to be refused. */
    readonly onHandshake?: (secured: TLSSocket) => void;
  },
): Promise<TLSSocket> {
  const secured = connectTls({
    socket,
    host,
    // A name only: TLS knows no server name that is an address.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    secureContext: options.context,
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
  });
  // Before Node's own listener, which destroys the socket when the certificate is refused.
  secured.prependOnceListener('secure', () => options.onHandshake?.(secured));
  try {
    await until(secured, 'secureConnect', options.signal);
    return secured;
  } catch (error) {
    socket.destroy();
    throw toTlsError(error, host);
  }
}

/** What a tunnel needs. */
export interface TunnelOptions {
  readonly proxy: ProxyAddress;
  readonly login: ProxyLogin | null;
  readonly target: Endpoint;
  readonly signal: AbortSignal;
}

/** Asks the proxy at the other end of an open socket for a way to the target. Throws `network/proxy-*`. */
export async function openTunnel(socket: Socket, options: TunnelOptions): Promise<Socket> {
  try {
    return await (options.proxy.scheme === 'socks5' ? askSocks(socket, options) : askHttp(socket, options));
  } catch (error) {
    socket.destroy();
    if (error instanceof AppError) throw error;
    throw proxyError('network/proxy-unreachable', options.proxy, { reason: 'no-answer' }, error);
  }
}

/** Names the proxy in an error: its address is no secret, its login is never in one. */
export function proxyError(
  code: 'network/proxy-unreachable' | 'network/proxy-login' | 'network/proxy-refused',
  proxy: ProxyAddress,
  details: Readonly<Record<string, string | number | boolean>>,
  cause?: unknown,
): AppError {
  return new AppError(code, PROXY_MESSAGES[code], { details: { proxy: proxy.origin, ...details }, cause });
}

const PROXY_MESSAGES = {
  'network/proxy-unreachable': 'The proxy could not be reached.',
  'network/proxy-login': 'The proxy wants a login.',
  'network/proxy-refused': 'The proxy refused to connect.',
} as const;

async function askHttp(socket: Socket, { proxy, login, target, signal }: TunnelOptions): Promise<Socket> {
  const authority = `${isIP(target.host) === 6 ? `[${target.host}]` : target.host}:${target.port}`;
  const request = http.request({
    method: 'CONNECT',
    path: authority,
    headers: {
      host: authority,
      connection: 'keep-alive',
      'user-agent': 'Latchkey',
      ...(login === null ? {} : { 'proxy-authorization': `Basic ${basicCredentials(login)}` }),
    },
    createConnection: () => socket,
  });
  const answered = new Promise<{ readonly answer: http.IncomingMessage; readonly head: Buffer }>(
    (resolve, reject) => {
      request.once('connect', (answer, _socket, head: Buffer) => resolve({ answer, head }));
      request.once('response', () => reject(new Error('no answer to CONNECT')));
      request.once('error', reject);
    },
  );
  request.end();
  const { answer, head } = await abortable(answered, signal, socket);
  const status = answer.statusCode ?? 0;
  if (status === 407) throw loginError(proxy, login, answer.headers['proxy-authenticate']);
  if (status < 200 || status > 299) throw proxyError('network/proxy-refused', proxy, { status });
  // Nobody speaks before the client does in TLS: such bytes are the proxy's own.
  if (head.length > 0) throw proxyError('network/proxy-refused', proxy, { status });
  return socket;
}

async function askSocks(socket: Socket, { proxy, login, target, signal }: TunnelOptions): Promise<Socket> {
  const tunnel = SocksClient.createConnection({
    command: 'connect',
    proxy: {
      host: proxy.host,
      port: proxy.port,
      type: 5,
      ...(login === null ? {} : { userId: login.userName, password: login.password }),
    },
    destination: target,
    existing_socket: socket,
  });
  try {
    await abortable(tunnel, signal, socket);
    return socket;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/authentication/i.test(message)) throw loginError(proxy, login, undefined);
    if (/rejected connection/i.test(message)) throw proxyError('network/proxy-refused', proxy, {}, error);
    throw error;
  }
}

/** Ways to log in that proxies offer and Latchkey does not speak. */
const FOREIGN_LOGIN = /^(negotiate|ntlm|kerberos|digest)\b/i;

function loginError(proxy: ProxyAddress, login: ProxyLogin | null, offered: string | string[] | undefined) {
  const offers = [offered ?? []].flat().flatMap((header) => header.split(','));
  const isBasicOffered = offers.length === 0 || offers.some((offer) => /^\s*basic\b/i.test(offer));
  const foreign = offers.map((offer) => FOREIGN_LOGIN.exec(offer.trim())?.[1]).find((name) => name);
  return proxyError('network/proxy-login', proxy, {
    wasSent: login !== null,
    ...(isBasicOffered || foreign === undefined ? {} : { method: foreign.toUpperCase() }),
  });
}

/** Resolves on the event; an error, an end or an abort rejects and leaves the socket closed. */
async function until(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  const happened = new Promise<void>((resolve, reject) => {
    socket.once(event, () => resolve());
    // Stays for good: whoever gets the socket adds its own, and an error in between must find one.
    socket.on('error', reject);
    socket.once('close', () =>
      reject(Object.assign(new Error('The socket was closed.'), { code: 'ECONNRESET' })),
    );
  });
  await abortable(happened, signal, socket);
}

/** The same promise, which an abort ends: it closes the socket. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal, socket: Socket): Promise<T> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      socket.destroy();
      reject(signal.reason as Error);
    };
  });
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
