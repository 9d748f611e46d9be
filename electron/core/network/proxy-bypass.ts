import { isIP } from 'node:net';
import { AppError } from '../../contract/app-error.ts';
import { isLoopbackHost } from '../connections/parse-base-url.ts';
import { withoutBrackets } from './route.ts';

/** This computer is never reached through a proxy, whatever the list says. `hostname` as a URL writes it. */
export function isOwnComputer(hostname: string): boolean {
  return (
    isLoopbackHost(hostname) || hostname.endsWith('.localhost') || /^\[::ffff:7f[\da-f]{2}:/.test(hostname)
  );
}

/** Cleans a typed list: trimmed, lower case, each once. Throws `network/proxy-invalid`. */
export function parseBypassList(typed: readonly string[]): string[] {
  const entries = typed.map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== '');
  const bad = entries.find((entry) => !isEntry(entry));
  if (bad !== undefined) {
    throw new AppError('network/proxy-invalid', 'An exception of the proxy makes no sense.', {
      details: { reason: 'bypass', entry: bad.slice(0, 80) },
    });
  }
  return [...new Set(entries)];
}

/** Whether the list excepts a host. */
export function isBypassed(hostname: string, list: readonly string[]): boolean {
  const host = withoutBrackets(hostname.toLowerCase());
  return list.some((entry) => {
    if (entry === '<local>') return !host.includes('.') && isIP(host) === 0;
    if (entry.startsWith('*.')) return host.endsWith(entry.slice(1)) && isIP(host) === 0;
    return host === withoutBrackets(entry);
  });
}

function isEntry(entry: string): boolean {
  if (entry === '<local>') return true;
  if (entry.length > 253) return false;
  if (isIP(withoutBrackets(entry)) !== 0) return true;
  return /^(?:\*\.)?(?:[a-z\d_](?:[a-z\d_-]*[a-z\d_])?\.)*[a-z\d_](?:[a-z\d_-]*[a-z\d_])?$/.test(entry);
}
