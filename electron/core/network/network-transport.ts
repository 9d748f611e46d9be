import { callbackify } from 'node:util';
import { Agent, fetch as undiciFetch, type buildConnector, type RequestInit as UndiciInit } from 'undici';
import { AppError, type WireError } from '../../contract/app-error.ts';
import { chooseRoute, type RouteSources } from './choose-route.ts';
import { dial, DIAL_TIMEOUT_MS, type DialOptions } from './dial.ts';
import { withoutBrackets, type Route } from './route.ts';

/** The shape of `fetch` that requests are made with. `onRoute` learns the proxy (null: none) before anything is sent. */
export type Fetch = (
  input: string | URL | Request,
  init?: RequestInit,
  onRoute?: (proxy: string | null) => void,
) => Promise<Response>;

/** What the transport is built from. All of it is asked anew: settings change while it runs. */
export interface TransportDependencies {
  readonly sources: () => RouteSources;
  readonly context: DialOptions['context'];
  readonly findLogin: DialOptions['findLogin'];
}

/** How long a connection that nobody uses stays open, unless the server says less. */
const KEEP_ALIVE_MS = 10_000;

/** The connections of one route. */
interface Way {
  readonly agent: Agent;
  /** Requests that have no answer yet. */
  waiting: number;
}

/**
 * The only way out of Latchkey: Node's sockets, an HTTP client of a fixed version over them (not the one that happens to be in
 * the runtime), and per request the way that the settings say. Connections are kept per way, and let go when settings change.
 */
export class NetworkTransport {
  readonly #dependencies: TransportDependencies;
  readonly #ways = new Map<string, Way>();
  /** Answers under way when settings change end as they began. */
  readonly #draining = new Set<Agent>();
  #askingProxy: string | null = null;

  constructor(dependencies: TransportDependencies) {
    this.#dependencies = dependencies;
  }

  /** The proxy that wanted a login last and did not get the right one, as its origin. */
  get askingProxy(): string | null {
    return this.#askingProxy;
  }

  /** How a request to `url` would leave now. Throws `network/proxy-invalid`. */
  route(url: URL): Promise<Route> {
    return chooseRoute(url, this.#dependencies.sources());
  }

  /** What a connection is made with; the test of a connection uses the same. */
  dialOptions(signal: AbortSignal): DialOptions {
    const { context, findLogin } = this.#dependencies;
    return { context, findLogin, signal };
  }

  /** `fetch` over the way that the settings say. Throws an `AppError` when there is no way. */
  readonly fetch: Fetch = async (input, init, onRoute) => {
    if (input instanceof Request) throw new TypeError('Requests are made from a URL.');
    const url = new URL(input);
    const route = await this.route(url);
    init?.signal?.throwIfAborted();
    onRoute?.(route.kind === 'direct' ? null : route.proxy.origin);
    const way = this.#wayOf(route);
    way.waiting += 1;
    try {
      // `as`: the same standard, typed once by undici and once by Node.
      const options = { ...init, dispatcher: way.agent } as UndiciInit;
      return await undiciFetch(url, options);
    } catch (error) {
      // fetch wraps whatever the connection failed with.
      const cause = error instanceof Error ? error.cause : undefined;
      if (!(cause instanceof AppError)) throw error;
      this.note(cause);
      throw cause;
    } finally {
      way.waiting -= 1;
    }
  };

  /** Remembers a proxy that wants a login, for the window in which it is entered. */
  note(error: WireError): void {
    const proxy = error.details['proxy'];
    if (error.code === 'network/proxy-login' && typeof proxy === 'string') this.#askingProxy = proxy;
  }

  /** Settings changed: what is open serves what runs and is closed then; the next request connects anew. */
  reset(): void {
    this.#askingProxy = null;
    for (const { agent } of this.#ways.values()) {
      this.#draining.add(agent);
      void agent.close().then(() => this.#draining.delete(agent));
    }
    this.#ways.clear();
  }

  /** Closes everything, at once. */
  async close(): Promise<void> {
    const agents = [...[...this.#ways.values()].map(({ agent }) => agent), ...this.#draining];
    this.#ways.clear();
    this.#draining.clear();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  #wayOf(route: Route): Way {
    const key = route.kind === 'direct' ? 'direct' : route.proxy.origin;
    const known = this.#ways.get(key);
    if (known !== undefined) return known;
    const way: Way = {
      agent: new Agent({
        // After an abort undici connects once more, for nobody. What nobody waits for is not opened.
        connect: (options, callback) =>
          way.waiting > 0 ? this.#connect(route, options, callback) : callback(new Error('unused'), null),
        keepAliveTimeout: KEEP_ALIVE_MS,
        allowH2: false,
        pipelining: 1,
      }),
      waiting: 0,
    };
    this.#ways.set(key, way);
    return way;
  }

  #connect(route: Route, options: buildConnector.Options, callback: buildConnector.Callback): void {
    const isSecure = options.protocol === 'https:';
    const target = {
      host: withoutBrackets(options.hostname),
      port: Number(options.port) || (isSecure ? 443 : 80),
      isSecure,
    };
    const open = callbackify(() =>
      dial(target, route, this.dialOptions(AbortSignal.timeout(DIAL_TIMEOUT_MS))),
    );
    open((error: Error | null, socket) => (error === null ? callback(null, socket) : callback(error, null)));
  }
}
