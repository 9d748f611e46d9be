import { existsSync, readFileSync } from 'node:fs';

/** Something Chromium's network stack wanted from the outside. */
export interface NetworkContact {
  readonly kind: 'url' | 'host' | 'socket';
  readonly what: string;
}

interface NetLogEvent {
  readonly type: number;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Schemes that never leave the process. */
const LOCAL_SCHEMES = /^(?:app|blob|chrome|chrome-error|data|devtools|about):/;

/**
 * Everything in a `--log-net-log` file that points outside: URLs asked for, names looked up, sockets opened. Loopback counts
 * too: the app's own requests are made by Node, so Chromium has no reason for any.
 */
export function readContacts(file: string): readonly NetworkContact[] {
  if (!existsSync(file)) throw new Error(`there is no network log at ${file}`);
  const { types, events } = parseNetLog(readFileSync(file, 'utf8'));
  return events.flatMap((event) => contactsOf(types.get(event.type) ?? '', event.params ?? {}));
}

function contactsOf(type: string, params: Readonly<Record<string, unknown>>): NetworkContact[] {
  const { url, host, address } = params;
  if (type === 'URL_REQUEST_START_JOB' && typeof url === 'string' && !LOCAL_SCHEMES.test(url)) {
    return [{ kind: 'url', what: url }];
  }
  if (/^HOST_RESOLVER_MANAGER_(?:REQUEST|JOB)$/.test(type) && typeof host === 'string')
    return [{ kind: 'host', what: host }];
  if (type === 'DNS_TRANSACTION' && typeof params['hostname'] === 'string') {
    return [{ kind: 'host', what: params['hostname'] }];
  }
  if (type === 'TCP_CONNECT_ATTEMPT' && typeof address === 'string')
    return [{ kind: 'socket', what: address }];
  // A UDP "connect" sends nothing (Chromium probes for IPv6 with one); bytes do.
  if (type === 'UDP_BYTES_SENT') return [{ kind: 'socket', what: `udp ${JSON.stringify(params)}` }];
  return [];
}

/** The log has one event a line and, after a kill, no end: so it is read by lines and not as one document. */
function parseNetLog(text: string): { types: ReadonlyMap<number, string>; events: readonly NetLogEvent[] } {
  const names = /"logEventTypes":\s*(\{[^}]*\})/.exec(text)?.[1];
  if (names === undefined) throw new Error('the network log has no constants');
  const types = new Map(
    Object.entries(JSON.parse(names) as Record<string, number>).map(([name, id]) => [id, name] as const),
  );
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('"type":') && line.includes('"source":'))
    .map((line) => /^(\{.*\})[,\]}]*$/.exec(line.trim())?.[1])
    .flatMap((json) => (json === undefined ? [] : parseEvent(json)));
  return { types, events };
}

function parseEvent(json: string): NetLogEvent[] {
  for (let end = json.length; end > 0; end = json.lastIndexOf('}', end - 1)) {
    try {
      return [JSON.parse(json.slice(0, end)) as NetLogEvent];
    } catch {
      // The last line carries the document's closing brackets as well: try without them.
      if (json.length - end > 4) return [];
    }
  }
  return [];
}
