import { AppError } from '../../contract/app-error.ts';
import { proxyAddress, type ProxyAddress, type ProxyLogin } from './route.ts';

/** A proxy URL taken apart: the address may be stored, the login may not. */
export interface ParsedProxyUrl {
  readonly address: ProxyAddress;
  readonly login: ProxyLogin | null;
}

/** Longest proxy URL accepted, in characters. */
const MAX_LENGTH = 2048;

/** SOCKS5 counts both in one byte (RFC 1929). */
const MAX_LOGIN_BYTES = 255;

const SCHEMES: Readonly<Record<string, { readonly scheme: ProxyAddress['scheme']; readonly port: number }>> =
  {
    http: { scheme: 'http', port: 80 },
    https: { scheme: 'https', port: 443 },
    // Names are always looked up by the proxy, which is what the `h` asks for.
    socks5: { scheme: 'socks5', port: 1080 },
    socks5h: { scheme: 'socks5', port: 1080 },
  };

/**
 * Parses what a person or a variable names as a proxy: `host:port` alone is an http proxy, as everywhere. Throws
 * `network/proxy-invalid`, whose text repeats nothing of the input: a password may be in it.
 */
export function parseProxyUrl(raw: string): ParsedProxyUrl {
  const text = raw.trim();
  if (text.length === 0 || text.length > MAX_LENGTH || !/^[\x21-\x7e]+$/.test(text) || text.includes('\\'))
    throw invalid();
  const [, schemeName = 'http', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/i.exec(text) ?? [];
  const known = Object.hasOwn(SCHEMES, schemeName.toLowerCase()) ? SCHEMES[schemeName.toLowerCase()] : null;
  // Always read as http: Node parses the host of a scheme it does not know with other rules.
  const url = URL.canParse(`http://${rest}`) ? new URL(`http://${rest}`) : null;
  if (!known || url === null || !isAddressOnly(url, rest)) throw invalid();
  const port = /:(\d{1,5})\/?$/.exec(rest)?.[1];
  if (port === undefined && url.port !== '') throw invalid();
  return {
    address: proxyAddress(known.scheme, url.hostname, portOf(port ?? String(known.port))),
    login:
      url.username === '' && url.password === ''
        ? null
        : parseProxyLogin(decode(url.username), decode(url.password)),
  };
}

/** Checks a login. Throws `network/proxy-invalid`. */
export function parseProxyLogin(userName: string, password: string): ProxyLogin {
  const isSound = [userName, password].every(
    (text) => Buffer.byteLength(text) <= MAX_LOGIN_BYTES && !/[\0-\x1f\x7f]/.test(text),
  );
  // A colon ends the name in a Basic login (RFC 7617).
  if (userName === '' || userName.includes(':') || !isSound)
    throw invalid('This name or password cannot be sent to a proxy.', 'login');
  return { userName, password };
}

function isAddressOnly(url: URL, rest: string): boolean {
  const hasMore = url.pathname !== '/' || rest.includes('?') || rest.includes('#');
  return !hasMore && url.hostname !== '' && !url.hostname.endsWith('.');
}

function portOf(digits: string): number {
  const port = Number(digits);
  if (port < 1 || port > 65_535) throw invalid();
  return port;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The cause would quote the text.
    throw invalid();
  }
}

function invalid(message = 'That is not the address of a proxy.', reason = 'address'): AppError {
  return new AppError('network/proxy-invalid', message, { details: { reason } });
}
