import type { ProxySettings } from '../../contract/model/network.ts';
import { AppError } from '../../contract/app-error.ts';
import { routeFromEnvironment, type ProxyVariables } from './environment-proxy.ts';
import { parsePacAnswer } from './parse-pac-answer.ts';
import { parseProxyUrl } from './parse-proxy-url.ts';
import { isBypassed, isOwnComputer } from './proxy-bypass.ts';
import type { Route } from './route.ts';

/** What a route is chosen by. */
export interface RouteSources {
  readonly proxy: ProxySettings;
  /** Looked at in mode `environment` only. */
  readonly variables: ProxyVariables;
  /** Asks the system, in mode `system` only. Gets the origin: a script has no business with the rest. */
  readonly resolveProxy: (origin: string) => Promise<string>;
}

/** Says how a request to `target` leaves. Throws `network/proxy-invalid`; whatever is unclear goes nowhere. */
export async function chooseRoute(target: URL, sources: RouteSources): Promise<Route> {
  const { proxy, variables, resolveProxy } = sources;
  if (isOwnComputer(target.hostname)) return { kind: 'direct' };
  switch (proxy.mode) {
    case 'none':
      return { kind: 'direct' };
    case 'system':
      return parsePacAnswer(await resolveProxy(`${target.origin}/`));
    case 'environment':
      return routeFromEnvironment(target.hostname, variables);
    case 'manual':
      return manualRoute(target.hostname, proxy);
  }
}

function manualRoute(hostname: string, { url, bypass }: ProxySettings): Route {
  if (isBypassed(hostname, bypass)) return { kind: 'direct' };
  if (url === null) {
    throw new AppError('network/proxy-invalid', 'No proxy is set.', { details: { reason: 'missing' } });
  }
  return { kind: 'proxy', proxy: parseProxyUrl(url).address, login: null };
}
