import path from 'node:path';
import type { Result, WireError } from '../../electron/contract/app-error.ts';
import type { RouteInput, RouteName, RouteOutput } from '../../electron/contract/contract.ts';
import { routes } from '../../electron/contract/contract.ts';
import type { AppInfo } from '../../electron/contract/model/app-info.ts';
import type { SettingsPatch } from '../../electron/contract/model/settings.ts';
import type { WindowKind } from '../../electron/contract/define-route.ts';
import { createBlobStore } from '../../electron/core/attachments/blob-store.ts';
import { REPLY_TIMING, type ReplyTiming } from '../../electron/core/chat/reply-timing.ts';
import { createCore, type Core } from '../../electron/core/create-core.ts';
import { createHistoryFiles } from '../../electron/core/history/create-history-files.ts';
import { openHistory } from '../../electron/core/history/open-history.ts';
import { OPEN_POLICY, type Policy } from '../../electron/core/policy/policy.ts';
import type { Clock, DocumentStore } from '../../electron/core/ports.ts';
import type { ChatProvider } from '../../electron/core/providers/chat-provider.ts';
import { createOpenAIProvider } from '../../electron/core/providers/openai/openai-provider.ts';
import { createRedactor } from '../../electron/core/redaction/redactor.ts';
import {
  FakeCipher,
  FakeDesktop,
  FakeImageWindow,
  FakeKeyWindow,
  FakeSignals,
  ManualTimer,
  RecordingEvents,
  RecordingLogger,
  jsonFile,
  randomIds,
  systemClock,
} from './fake-ports.ts';
import { workerUrl } from './worker-url.ts';

/** What a test may decide about its core. */
export interface TestCoreOptions {
  /** A folder of the test's own. */
  readonly folder: string;
  readonly demoBaseUrl?: string | null;
  readonly isDevelopment?: boolean;
  /** What differs from {@link REPLY_TIMING}. */
  readonly timing?: Partial<ReplyTiming>;
  readonly clock?: Clock;
  /** What answers instead of the SDK. */
  readonly provider?: ChatProvider;
  readonly cipher?: FakeCipher;
  /** Where to sign in: a test's own server. */
  readonly openRouterOrigin?: string;
  /** False when the keystore's answer, for which a start waits, is the test's to give. */
  readonly waitsForStart?: boolean;
  /** What the operating system answers when asked for a proxy; `DIRECT` unless told. */
  readonly resolveProxy?: (origin: string) => Promise<string>;
  readonly proxyVariables?: Readonly<Record<string, string>>;
  /** None unless told. */
  readonly policy?: Policy | WireError;
  /** What a first start finds set. No titles are made unless told: most tests count the requests a server gets. */
  readonly settings?: SettingsPatch;
  /** 15 s unless told. */
  readonly titleTimeLimitMs?: number;
}

/** A whole core on real files, the real SQLite worker and the real SDK; only the desktop is a stand-in. */
export interface TestCore {
  readonly core: Core;
  readonly cipher: FakeCipher;
  readonly desktop: FakeDesktop;
  readonly events: RecordingEvents;
  readonly keyWindow: FakeKeyWindow;
  readonly imageWindow: FakeImageWindow;
  readonly logger: RecordingLogger;
  /** Limits of a sign-in end when the test says so. */
  readonly timer: ManualTimer;
  readonly signals: FakeSignals;
  /** Calls a route as a window of `kind` would: input and output cross by structured clone. */
  call<R extends RouteName>(
    route: R,
    input: RouteInput<R>,
    kind?: WindowKind,
  ): Promise<Result<RouteOutput<R>>>;
  /** The value of a call that must succeed. */
  get<R extends RouteName>(route: R, input: RouteInput<R>, kind?: WindowKind): Promise<RouteOutput<R>>;
  /** Enters a key through the key window's own routes and returns the new connection's id. */
  addConnection(connection: {
    baseUrl: string;
    key: string | null;
    dialect?: 'responses' | 'chat-completions';
    label?: string;
  }): Promise<string>;
  /** The id of the key a connection uses. */
  keyIdOf(connectionId: string): Promise<string>;
  stop(): Promise<void>;
}

/** Builds and starts one. */
export async function createTestCore(options: TestCoreOptions): Promise<TestCore> {
  const cipher = options.cipher ?? new FakeCipher();
  const desktop = new FakeDesktop();
  const keyWindow = new FakeKeyWindow();
  const imageWindow = new FakeImageWindow();
  const events = new RecordingEvents();
  const logger = new RecordingLogger();
  const timer = new ManualTimer();
  const signals = new FakeSignals();
  const historyFiles = createHistoryFiles(
    {
      databaseFile: path.join(options.folder, 'history.sqlite'),
      workerUrl: workerUrl('history-worker'),
    },
    options.clock ?? systemClock,
  );
  const core = createCore({
    clock: options.clock ?? systemClock,
    ids: randomIds,
    cipher,
    events,
    logger,
    redactor: createRedactor(),
    desktop,
    keyWindow,
    imageWindow,
    settingsFile: withDefault(jsonFile(path.join(options.folder, 'settings.json')), {
      makesTitles: false,
      ...options.settings,
    }),
    connectionsFile: jsonFile(path.join(options.folder, 'connections.json')),
    vaultFile: jsonFile(path.join(options.folder, 'vault.json')),
    certificatesFile: jsonFile(path.join(options.folder, 'certificates.json')),
    policy: options.policy ?? OPEN_POLICY,
    costsFile: jsonFile(path.join(options.folder, 'costs.json')),
    capabilitiesFile: jsonFile(path.join(options.folder, 'capabilities.json')),
    presetsFile: jsonFile(path.join(options.folder, 'presets.json')),
    history: await openHistory(historyFiles),
    historyFiles,
    blobs: createBlobStore(path.join(options.folder, 'attachments')),
    transferPlace: {
      databaseFile: path.join(options.folder, 'history.sqlite'),
      blobFolder: path.join(options.folder, 'attachments'),
      workerUrl: workerUrl('transfer-worker'),
    },
    createProvider: (log, fetch) => options.provider ?? createOpenAIProvider(log, fetch),
    resolveProxy: options.resolveProxy ?? (() => Promise.resolve('DIRECT')),
    proxyVariables: options.proxyVariables ?? {},
    allowsProxyScripts: false,
    readLogTail: () => Promise.resolve(logger.lines.join('\n')),
    info: describeTestApp(options),
    timer,
    signals,
    timing: { ...REPLY_TIMING, ...options.timing },
    ...(options.titleTimeLimitMs === undefined ? {} : { titleTimeLimitMs: options.titleTimeLimitMs }),
    ...(options.openRouterOrigin === undefined ? {} : { openRouterOrigin: options.openRouterOrigin }),
  });
  imageWindow.call = (route, input) => core.router.dispatch({ kind: 'image', id: 2 }, route, input);
  // As main does: quitting before the start is complete is no error of the test.
  const started = core.start().catch((error: unknown) => {
    if (options.waitsForStart ?? true) throw error;
    logger.error('the start was not completed', { error });
  });
  if (options.waitsForStart ?? true) await started;

  const call: TestCore['call'] = async (route, input, kind = 'chat') => {
    const result = await core.router.dispatch({ kind, id: 1 }, route, structuredClone(input));
    if (result.ok) routes[route].output.parse(result.value);
    // `as`: the output was just parsed by the route's own schema.
    return structuredClone(result) as Awaited<ReturnType<TestCore['call']>> as never;
  };
  const get: TestCore['get'] = async (route, input, kind) => {
    const result = await call(route, input, kind);
    if (!result.ok) throw new Error(`${route} failed: ${result.error.code} ${result.error.message}`);
    return result.value;
  };
  return {
    core,
    cipher,
    desktop,
    events,
    keyWindow,
    imageWindow,
    logger,
    timer,
    signals,
    call,
    get,
    async addConnection({ baseUrl, key, dialect = 'responses', label = 'work' }) {
      const former = new Set((await get('connections.list', {})).map(({ id }) => id));
      await get('keys.openWindow', { connectionId: null });
      await get(
        'keyWindow.save',
        {
          provider: 'compatible',
          label,
          baseUrl,
          dialect,
          key: key === null ? { source: 'none' } : { source: 'typed', text: key },
        },
        'key',
      );
      const added = (await get('connections.list', {})).find(({ id }) => !former.has(id));
      if (added === undefined) throw new Error('no connection was added');
      return added.id;
    },
    async keyIdOf(connectionId) {
      const connection = (await get('connections.list', {})).find(({ id }) => id === connectionId);
      if (!connection?.key) throw new Error('the connection has no key');
      return connection.key.id;
    },
    stop: () => core.stop(),
  };
}

function describeTestApp(
  options: TestCoreOptions,
): Omit<AppInfo, 'keystore' | 'policy' | 'blocked' | 'notices'> {
  return {
    version: '0.0.0-test',
    platform: 'linux',
    runtime: {
      electron: 'none',
      chrome: 'none',
      node: process.versions.node,
      isDevelopment: options.isDevelopment ?? false,
      allowsRemoteKeys: false,
    },
    demoBaseUrl: options.demoBaseUrl ?? null,
    profileFolder: options.folder,
  };
}

/** A file that reads as this while it is not there. */
function withDefault(file: DocumentStore, value: unknown): DocumentStore {
  return {
    read() {
      const content = file.read();
      return content.kind === 'absent' ? { kind: 'value', value } : content;
    },
    write: (written) => file.write(written),
    setAside: () => file.setAside(),
    scrub: (text, sharedLength) => file.scrub(text, sharedLength),
  };
}
