import { lookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import { AppError, type WireError } from '../../contract/app-error.ts';
import type { NetworkStep, ProxySettings } from '../../contract/model/network.ts';
import type { Clock } from '../ports.ts';
import {
  describeRefused,
  describeTrusted,
  readPeerCertificate,
  type PeerCertificate,
} from './describe-certificate.ts';
import { tunnelTo, type DialOptions } from './dial.ts';
import { toTcpError } from './map-socket-error.ts';
import { isOwnComputer } from './proxy-bypass.ts';
import { withoutBrackets, type Route } from './route.ts';
import { connectTcp, secure } from './sockets.ts';

/** What a test needs. */
export interface ConnectionTest {
  /** Where to; an origin. */
  readonly url: URL;
  readonly mode: ProxySettings['mode'];
  readonly route: (url: URL) => Promise<Route>;
  /** What the transport itself dials with, so that the test sees what a request would. */
  readonly dialOptions: DialOptions;
  /** Asks for the models with the key, as an ordinary request. Returns how many there are. */
  readonly askModels: () => Promise<number>;
  readonly clock: Clock;
}

/** What a step found, and what the next one goes on with. */
interface Finding<T> {
  readonly outcome: 'ok' | 'skipped';
  readonly detail: string;
  readonly value: T;
}

/** A failure that has more to say than its code. */
class StepFailure extends Error {
  readonly error: AppError;
  constructor(error: AppError, detail: string) {
    super(detail);
    this.error = error;
  }
}

/** Walks the way to a server step by step; the first step that fails ends it. The sockets it opens are its own, and closed. */
export async function testConnection(test: ConnectionTest): Promise<NetworkStep[]> {
  const { url, dialOptions } = test;
  const isSecure = url.protocol === 'https:';
  const target = { host: withoutBrackets(url.hostname), port: Number(url.port) || (isSecure ? 443 : 80) };
  const record = new StepRecord(test.clock);
  let socket: Socket | null = null;
  try {
    const { route, tunnel } = await record.step('proxy', () => findWay(test, target));
    socket = tunnel;
    await record.step('dns', () => findAddress(target.host, route));
    socket = await record.step('tcp', () => openSocket(target, route, tunnel, dialOptions));
    const opened = socket;
    await record.step('tls', () => checkCertificate(opened, target.host, isSecure, dialOptions));
    await record.step('http', () => askServer(test.askModels));
  } catch (error) {
    // Recorded by the step it happened in; what is none of ours goes on.
    if (!(error instanceof StepFailure)) throw error;
  } finally {
    socket?.destroy();
  }
  return record.complete();
}

/** The steps so far. */
class StepRecord {
  readonly #clock: Clock;
  readonly #steps: NetworkStep[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async step<T>(name: NetworkStep['name'], work: () => Promise<Finding<T>>): Promise<T> {
    const startedAt = this.#clock.now();
    const add = (outcome: NetworkStep['outcome'], detail: string, error: WireError | null): void => {
      const durationMs = Math.max(0, this.#clock.now() - startedAt);
      this.#steps.push({ name, outcome, detail, error, durationMs });
    };
    try {
      const { outcome, detail, value } = await work();
      add(outcome, detail, null);
      return value;
    } catch (error) {
      const failure = toStepFailure(error);
      add('failed', failure.message, failure.error.toWire());
      throw failure;
    }
  }

  /** All five, in order. */
  complete(): NetworkStep[] {
    const names = ['proxy', 'dns', 'tcp', 'tls', 'http'] as const;
    const missing = names.slice(this.#steps.length).map((name) => ({
      name,
      outcome: 'skipped' as const,
      detail: 'Not tried.',
      error: null,
      durationMs: 0,
    }));
    return [...this.#steps, ...missing];
  }
}

async function findWay(
  test: ConnectionTest,
  target: { readonly host: string; readonly port: number },
): Promise<Finding<{ readonly route: Route; readonly tunnel: Socket | null }>> {
  const route = await test.route(test.url);
  if (route.kind === 'direct') {
    return { outcome: 'skipped', detail: whyDirect(test), value: { route, tunnel: null } };
  }
  const { origin } = route.proxy;
  try {
    const tunnel = await tunnelTo(target, route, test.dialOptions);
    return { outcome: 'ok', detail: `${origin} opened the way.`, value: { route, tunnel } };
  } catch (error) {
    throw error instanceof AppError ? new StepFailure(error, whyNoTunnel(error, origin)) : error;
  }
}

function whyDirect({ url, mode }: ConnectionTest): string {
  if (isOwnComputer(url.hostname)) return 'None: this computer is never reached through a proxy.';
  switch (mode) {
    case 'none':
      return 'None, as set.';
    case 'system':
      return 'None: the system names no proxy for this address.';
    case 'manual':
      return 'None: this address is one of the exceptions.';
    case 'environment':
      return 'None: the environment names no proxy for this address.';
  }
}

function whyNoTunnel({ code, details }: AppError, origin: string): string {
  switch (code) {
    case 'network/proxy-login':
      if (typeof details['method'] === 'string') {
        return `${origin} wants a ${details['method']} login (407). Latchkey speaks Basic logins only.`;
      }
      return details['wasSent'] === true
        ? `${origin} refused the login it was given (407).`
        : `${origin} wants a login (407), and none is kept for it.`;
    case 'network/proxy-refused':
      return `${origin} answered, but did not open the way${statusOf(details)}.`;
    case 'network/proxy-unreachable':
      return `${origin} cannot be reached${reasonOf(details)}.`;
    case 'network/tls':
      return `${origin} could not prove who it is (${String(details['reason'])}).`;
    default:
      return `${origin} could not be used.`;
  }
}

function statusOf(details: AppError['details']): string {
  return typeof details['status'] === 'number' ? ` (${details['status']})` : '';
}

const REASONS: Readonly<Record<string, string>> = {
  dns: 'its name is not known',
  timeout: 'no answer in time',
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'there is no way to its network',
  ENETUNREACH: 'there is no way to its network',
  'no-answer': 'it does not answer as a proxy would',
};

function reasonOf(details: AppError['details']): string {
  const reason = REASONS[String(details['reason'] ?? '')];
  return reason === undefined ? '' : `: ${reason}`;
}

async function findAddress(host: string, route: Route): Promise<Finding<null>> {
  if (route.kind === 'proxy') return skipped('Left to the proxy: the name is not looked up here.');
  if (isIP(host) !== 0) return skipped('Not needed: the base URL names an address.');
  try {
    const found = await lookup(host, { all: true });
    const addresses = found.slice(0, 4).map(({ address }) => address);
    return { outcome: 'ok', detail: `${host} is ${addresses.join(', ')}.`, value: null };
  } catch (error) {
    throw new StepFailure(toTcpError(error, host), `No server is known by the name ${host}.`);
  }
}

async function openSocket(
  target: { readonly host: string; readonly port: number },
  route: Route,
  tunnel: Socket | null,
  { signal }: DialOptions,
): Promise<Finding<Socket>> {
  if (route.kind === 'proxy' && tunnel !== null) {
    return {
      outcome: 'skipped',
      detail: `${route.proxy.origin} connects to port ${target.port}.`,
      value: tunnel,
    };
  }
  try {
    const socket = await connectTcp(target, signal);
    const address = `${socket.remoteAddress ?? target.host}, port ${target.port}`;
    return { outcome: 'ok', detail: `Connected to ${address}.`, value: socket };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new StepFailure(error, `Port ${target.port} cannot be reached${reasonOf(error.details)}.`);
  }
}

async function checkCertificate(
  socket: Socket,
  host: string,
  isSecure: boolean,
  { context, signal }: DialOptions,
): Promise<Finding<null>> {
  if (!isSecure) return skipped('Not used: plain http, on this computer only.');
  let shown: PeerCertificate | null = null;
  try {
    const secured = await secure(socket, host, {
      context: await context(),
      signal,
      onHandshake: (handshaken) => {
        shown = readPeerCertificate(handshaken);
      },
    });
    const certificate = readPeerCertificate(secured);
    const version = secured.getProtocol() ?? 'TLS';
    secured.destroy();
    const trusted = certificate === null ? '' : `, ${describeTrusted(certificate)}`;
    return { outcome: 'ok', detail: `${version}${trusted}.`, value: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const reason = error.code === 'network/timeout' ? 'handshake' : String(error.details['reason']);
    throw new StepFailure(error, describeRefused(reason, host, shown));
  }
}

async function askServer(askModels: () => Promise<number>): Promise<Finding<null>> {
  const count = await askModels();
  return {
    outcome: 'ok',
    detail: `The server answered and offers ${count === 1 ? '1 model' : `${count} models`}.`,
    value: null,
  };
}

function skipped(detail: string): Finding<null> {
  return { outcome: 'skipped', detail, value: null };
}

function toStepFailure(error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  if (error instanceof AppError) return new StepFailure(error, plainReason(error));
  throw error;
}

/** For errors without a better text. None of these messages is a provider's. */
function plainReason({ code, message }: AppError): string {
  if (code === 'auth/rejected-key') return 'The server answered and refused the key (401).';
  if (code === 'auth/forbidden') return 'The server answered: this key may not list models (403).';
  return message;
}
