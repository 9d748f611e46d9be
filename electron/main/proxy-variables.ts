import type { ProxyVariables } from '../core/network/environment-proxy.ts';

/** Every variable by which Chromium or a library would find a proxy by itself. */
const PROXY_VARIABLE = /^(?:(?:https?|all|ftp|no|auto|ws|wss)_proxy|socks_server|socks_version)$/i;

/**
 * Takes the proxy variables out of an environment and returns them by lower-case name. Where a name stands in both cases, the
 * lower one counts, as it does for curl.
 */
export function takeProxyVariables(environment: Record<string, string | undefined>): ProxyVariables {
  const names = Object.keys(environment).filter((name) => PROXY_VARIABLE.test(name));
  const variables: Record<string, string> = {};
  // Upper case sorts first, so that the lower one has the last word.
  for (const name of names.toSorted()) {
    const value = environment[name] ?? '';
    if (value !== '') variables[name.toLowerCase()] = value;
    delete environment[name];
  }
  return variables;
}
