import { AppError } from '../../contract/app-error.ts';
import { proxyAddress, type ProxyAddress, type Route } from './route.ts';

/** Longest answer looked at, in characters. */
const MAX_LENGTH = 8_192;

const SCHEMES: Readonly<Record<string, ProxyAddress['scheme'] | null>> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS5: 'socks5',
  // Understood, and passed over: version 4 looks names up on this computer, QUIC is another protocol.
  SOCKS: null,
  SOCKS4: null,
  QUIC: null,
};

/**
 * Reads what the system answered, as `PROXY host:port; SOCKS5 host:port; DIRECT`, and takes the first entry that can be used.
 * The rest are not tried when that one is down: a request must not find another way than the first that was named for it.
 * Throws `network/proxy-invalid` when any entry makes no sense or none can be used; there is no falling back to direct.
 */
export function parsePacAnswer(answer: string): Route {
  if (answer.length > MAX_LENGTH) throw invalid('malformed');
  const entries = answer
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const routes = entries.map((entry) => parseEntry(entry));
  const first = routes.find((route) => route !== null);
  if (first === undefined) throw invalid(entries.length === 0 ? 'malformed' : 'unsupported');
  return first;
}

/** null for an entry that is well-formed and cannot be used. */
function parseEntry(entry: string): Route | null {
  if (entry.toUpperCase() === 'DIRECT') return { kind: 'direct' };
  const [, keyword = '', host = '', digits = ''] =
    /^(\w+)\s+(\[[\da-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(entry) ?? [];
  const name = keyword.toUpperCase();
  const port = Number(digits);
  if (!Object.hasOwn(SCHEMES, name) || port < 1 || port > 65_535) throw invalid('malformed');
  const scheme = SCHEMES[name] ?? null;
  return scheme === null ? null : { kind: 'proxy', proxy: proxyAddress(scheme, host, port), login: null };
}

function invalid(reason: 'malformed' | 'unsupported'): AppError {
  return new AppError('network/proxy-invalid', 'The system named a proxy that Latchkey cannot use.', {
    details: { reason: `system-${reason}` },
  });
}
