import type { SecureContext } from 'node:tls';
import type { Socket } from 'node:net';
import { AppError } from '../../contract/app-error.ts';
import { connectTcp, openTunnel, proxyError, secure, type Endpoint } from './sockets.ts';
import type { ProxyAddress, ProxyLogin, Route } from './route.ts';

/** Longest wait for a connection, the way through the proxy and the handshakes included. */
export const DIAL_TIMEOUT_MS = 20_000;

/** What a connection is made with. */
export interface DialOptions {
  readonly context: () => Promise<SecureContext>;
  /** The login kept for a proxy; asked at every connection, so that it is in memory no longer than that. */
  readonly findLogin: (proxyOrigin: string) => Promise<ProxyLogin | null>;
  readonly signal: AbortSignal;
}

/** A socket to the target, secure where `isSecure`: directly, or by a tunnel through the proxy, to which names are left. */
export async function dial(
  target: Endpoint & { readonly isSecure: boolean },
  route: Route,
  options: DialOptions,
): Promise<Socket> {
  const socket =
    route.kind === 'direct'
      ? await connectTcp(target, options.signal)
      : await tunnelTo(target, route, options);
  if (!target.isSecure) return socket;
  return secure(socket, target.host, { context: await options.context(), signal: options.signal });
}

/** Connects to the proxy and asks it for the way to the target. Throws `network/proxy-*`, `network/tls`, `secret/*`. */
export async function tunnelTo(
  target: Endpoint,
  route: Extract<Route, { kind: 'proxy' }>,
  options: DialOptions,
): Promise<Socket> {
  const { proxy } = route;
  // First, so that a locked keystore is said before anything leaves.
  const login = route.login ?? (await options.findLogin(proxy.origin));
  const socket = await connectToProxy(proxy, options);
  return openTunnel(socket, { proxy, login, target, signal: options.signal });
}

async function connectToProxy(proxy: ProxyAddress, options: DialOptions): Promise<Socket> {
  try {
    const socket = await connectTcp(proxy, options.signal);
    if (proxy.scheme !== 'https') return socket;
    return await secure(socket, proxy.host, { context: await options.context(), signal: options.signal });
  } catch (error) {
    if (error instanceof AppError && error.code !== 'network/tls') {
      const reason = error.code === 'network/dns' ? 'dns' : (error.details['reason'] ?? 'timeout');
      throw proxyError('network/proxy-unreachable', proxy, { reason: String(reason) }, error);
    }
    throw error;
  }
}
