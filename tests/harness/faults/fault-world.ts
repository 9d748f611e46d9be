import { setTimeout as delay } from 'node:timers/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ReplyTiming } from '../../../electron/core/chat/reply-timing.ts';
import { createTestCore, type TestCore } from '../create-test-core.ts';
import { startConnectProxy } from '../proxy-servers.ts';
import { startRawServer, type RawServer } from '../raw-server.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { unstarvedNow } from '../unstarved-clock.ts';
import { createTestAuthority } from '../test-certificates.ts';
import type { Exchange, Position, Progress } from './exchange.ts';
import type { Fault, Place } from './fault-table.ts';
import type { Dialect } from './wire.ts';

/** Short enough to run the matrix in a minute, and in the order of the real ones. */
export const FAULT_TIMING: ReplyTiming = {
  firstByteMs: 1_000,
  silenceMs: 1_000,
  noProgressMs: 2_000,
  countsMs: 200,
  retryBaseMs: 20,
  pictureGraceMs: 100,
};

/** A key no provider ever issued. */
const KEY = 'sk-test-canary-0123456789abcdef';

/** One fault in one dialect. */
export interface Cell {
  readonly fault: Fault;
  readonly dialect: Dialect;
}

/** A request as the server saw it. */
export interface SeenRequest {
  readonly at: number;
  readonly socketClosed: Promise<number>;
}

/** A core with real files and sockets, and a server that answers each cell as its fault says. */
export interface FaultWorld {
  readonly app: TestCore;
  /** How often somewhere a redirect pointed to was asked. Must stay 0. */
  strayRequests(): number;
  /** Makes a connection for a cell; its key's label identifies the cell in the network log. */
  connect(
    cell: Cell,
    label: string,
    progress: Progress,
  ): Promise<{ id: string; seen: readonly SeenRequest[] }>;
  close(): Promise<void>;
}

interface Station {
  readonly cell: Cell;
  readonly progress: Progress;
  readonly seen: SeenRequest[];
}

/** Opens one. */
export async function openFaultWorld(): Promise<FaultWorld> {
  const folder = temporaryFolder();
  const stations = new Map<string, Station>();
  const elsewhere = await startRawServer((_request, socket) => socket.end());
  const server = await startRawServer((request, socket) => {
    const station = stations.get(/^POST \/([\w-]+)\//.exec(request.head)?.[1] ?? '');
    if (station === undefined) return void socket.end('HTTP/1.1 404 X\r\ncontent-length: 0\r\n\r\n');
    const socketClosed = new Promise<number>((resolve) =>
      socket.once('close', () => resolve(unstarvedNow())),
    );
    station.seen.push({ at: Date.now(), socketClosed });
    void answer(station, { socket, elsewhere: new URL(elsewhere.baseUrl).origin });
  });
  const impostor = await startImpostor();
  const proxies = await startProxies();
  const { resolveProxy } = proxies;
  const app = await createTestCore({ folder: folder.path, timing: FAULT_TIMING, resolveProxy });
  // One at a time: the new connection is the one that was not there before.
  let lastAdded: Promise<unknown> = Promise.resolve();
  return {
    app,
    strayRequests: () => elsewhere.requests.length,
    async connect(cell, label, progress) {
      const station = { cell, progress, seen: [] };
      stations.set(label, station);
      const baseUrl = baseUrlOf(cell.fault, label, { server, impostorPort: impostor.port });
      const add = (): Promise<string> =>
        app.addConnection({ baseUrl, key: KEY, dialect: cell.dialect, label });
      const added = lastAdded.then(add);
      lastAdded = added;
      return { id: await added, seen: station.seen };
    },
    async close() {
      await app.stop();
      await Promise.all([server.stop(), elsewhere.stop(), impostor.stop(), proxies.stop()]);
      folder.remove();
    },
  };
}

async function answer(
  { cell, progress, seen }: Station,
  { socket, elsewhere }: Pick<Exchange, 'socket' | 'elsewhere'>,
): Promise<void> {
  const { cause, position }: { cause: Fault['cause']; position: Position } = cell.fault;
  if (typeof cause === 'string') return;
  const { dialect } = cell;
  await cause({ socket, dialect, position, progress, requestNumber: seen.length, elsewhere });
}

function baseUrlOf(
  { cause }: Fault,
  label: string,
  { server, impostorPort }: { server: RawServer; impostorPort: number },
): string {
  if (typeof cause !== 'string') return server.baseUrl.replace(/v1$/, `${label}/v1`);
  return placeUrls(impostorPort)[cause];
}

function placeUrls(impostorPort: number): Readonly<Record<Place, string>> {
  return {
    // Reserved for this (RFC 6761): no resolver may know it.
    'unknown name': 'https://latchkey-faults.invalid/v1',
    // Nobody listens on the discard port of a test machine.
    'closed port': 'http://127.0.0.1:9/v1',
    'wrong certificate': `https://localhost:${impostorPort}/v1`,
    // The proxy of each is found by its name.
    'proxy with a login': 'https://proxy-login.invalid/v1',
    'proxy that refuses': 'https://proxy-refuses.invalid/v1',
    'no proxy': 'https://no-proxy.invalid/v1',
  };
}

/** Proxies that open no tunnel, named by the system for the hosts of {@link placeUrls}. */
async function startProxies(): Promise<{
  resolveProxy(origin: string): Promise<string>;
  stop(): Promise<unknown>;
}> {
  const asking = await startConnectProxy({ targetPort: 9, login: 'somebody:a password nobody has' });
  const refusing = await startConnectProxy({ targetPort: 9, status: 502 });
  const ports: Readonly<Record<string, number>> = {
    'proxy-login.invalid': asking.port,
    'proxy-refuses.invalid': refusing.port,
    'no-proxy.invalid': 9,
  };
  return {
    resolveProxy(origin) {
      const port = ports[new URL(origin).hostname];
      return Promise.resolve(port === undefined ? 'DIRECT' : `PROXY 127.0.0.1:${port}`);
    },
    stop: () => Promise.all([asking.stop(), refusing.stop()]),
  };
}

/** A server with a certificate for another name. */
async function startImpostor(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const authority = await createTestAuthority();
  const server = createServer(await authority.issue(['other.example']), (_request, response) =>
    response.end(),
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** What a client side of a cell knows of its own progress. */
export function progressOf(app: TestCore, label: string, shownText: () => string): Progress {
  return {
    async arrived(bytes) {
      const received = async (): Promise<number> =>
        (await app.get('network.list', {})).find(({ keyLabel }) => keyLabel === label)?.receivedBytes ?? 0;
      while ((await received()) < bytes) await delay(5);
    },
    async shown(text) {
      while (shownText() !== text) await delay(5);
    },
  };
}
