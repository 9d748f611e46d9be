import { AppError } from '../../contract/app-error.ts';

/** A base URL that passed every check. */
export interface BaseUrl {
  /** Without a trailing slash, e.g. `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** `https://host[:port]`, as the URL parser serialises it. */
  readonly origin: string;
  readonly isLoopback: boolean;
}

/** Longest base URL accepted, in characters. */
const MAX_LENGTH = 2048;

/**
 * Parses what a person typed as a base URL: https anywhere, http on this computer only, no credentials, query or fragment.
 * Throws `connection/*`.
 */
export function parseBaseUrl(raw: string): BaseUrl {
  const text = raw.trim();
  if (text.length === 0 || text.length > MAX_LENGTH || hasStrangeCharacters(text)) throw invalid();
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw new AppError(
      'connection/url-without-scheme',
      'The base URL has to start with https:// (or http:// for this computer).',
    );
  }
  const url = parse(text);
  if (url.username !== '' || url.password !== '') {
    throw new AppError(
      'connection/url-with-credentials',
      'The base URL must not contain a user name or password.',
    );
  }
  if (url.search !== '' || url.hash !== '' || text.includes('?') || text.includes('#')) throw invalid();
  if (url.hostname === '' || url.hostname.endsWith('.')) throw invalid();
  const isLoopback = isLoopbackHost(url.hostname);
  if (url.protocol === 'http:' && !isLoopback) {
    throw new AppError('connection/insecure-url', 'Plain http is only accepted for this computer.', {
      details: { host: url.hostname },
    });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid();
  return { baseUrl: url.origin + url.pathname.replace(/\/+$/, ''), origin: url.origin, isLoopback };
}

/** True for `localhost`, 127.0.0.0/8 and `[::1]`, as `URL.hostname` writes them. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Backslashes, spaces and control or non-ASCII characters: a URL parser would silently reinterpret them. */
function hasStrangeCharacters(text: string): boolean {
  return !/^[\x21-\x7e]+$/.test(text) || text.includes('\\');
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw new AppError('connection/invalid-url', 'That is not a URL Latchkey can use.', { cause });
  }
}

function invalid(): AppError {
  return new AppError('connection/invalid-url', 'That is not a URL Latchkey can use.');
}
