import { AppError } from '../../contract/app-error.ts';
import { parseProxyUrl } from './parse-proxy-url.ts';
import { isBypassed } from './proxy-bypass.ts';
import type { ProxyLogin, Route } from './route.ts';

/** The proxy variables Latchkey was started with, by lower-case name. */
export type ProxyVariables = Readonly<Record<string, string>>;

/**
 * The way that HTTPS_PROXY, ALL_PROXY and NO_PROXY name for a host. Only https targets get here, so HTTP_PROXY never counts.
 * Throws `network/proxy-invalid`.
 */
export function routeFromEnvironment(hostname: string, variables: ProxyVariables): Route {
  const url = variables['https_proxy'] || variables['all_proxy'] || '';
  if (url === '' || isExcepted(hostname, variables['no_proxy'] ?? '')) return { kind: 'direct' };
  const { address, login } = parseProxyUrl(url);
  return { kind: 'proxy', proxy: address, login };
}

/** The logins inside the variables, for the redactor. */
export function loginsInEnvironment(variables: ProxyVariables): readonly ProxyLogin[] {
  return Object.values(variables).flatMap((value) => loginIn(value) ?? []);
}

function loginIn(value: string): ProxyLogin | null {
  try {
    return parseProxyUrl(value).login;
  } catch (error) {
    // NO_PROXY is no URL, and others may be nonsense: nothing to protect that could be sent.
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** In NO_PROXY a bare domain stands for its subdomains too. */
function isExcepted(hostname: string, noProxy: string): boolean {
  const entries = noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  if (entries.includes('*')) return true;
  const names = entries.map((entry) => entry.replace(/^\*?\./, ''));
  return isBypassed(
    hostname,
    names.flatMap((name) => [name, `*.${name}`]),
  );
}
