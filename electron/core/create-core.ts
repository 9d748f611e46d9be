import { AppError, type WireError } from '../contract/app-error.ts';
import type { AppInfo } from '../contract/model/app-info.ts';
import { ChatService } from './chat/chat-service.ts';
import { ConnectionService } from './connections/connection-service.ts';
import { ConversationService } from './conversations/conversation-service.ts';
import type { HistoryStore } from './history/history-store.ts';
import { describeDiagnostics } from './diagnostics/describe-diagnostics.ts';
import { createHandlers } from './ipc/handlers.ts';
import { createRouter, type Router } from './ipc/router.ts';
import { LinkInbox } from './links/link-inbox.ts';
import { readSystemAuthorities } from './network/certificate-authorities.ts';
import { CertificateService } from './network/certificate-service.ts';
import { loginsInEnvironment, type ProxyVariables } from './network/environment-proxy.ts';
import { NetworkLog } from './network/network-log.ts';
import { NetworkService } from './network/network-service.ts';
import { NetworkTransport, type Fetch } from './network/network-transport.ts';
import { createProxyLogins, protectLogin } from './network/proxy-logins.ts';
import { CERTIFICATES_OWNER_ID, createSealedValue, PROXY_OWNER_ID } from './network/sealed-value.ts';
import { NoticeBoard } from './notices/notice-board.ts';
import { CLOSED_POLICY, type Policy } from './policy/policy.ts';
import { restrictProvider } from './policy/restrict-provider.ts';
import type {
  Clock,
  Desktop,
  DocumentStore,
  EventSink,
  IdSource,
  KeyWindowHost,
  Logger,
  SecretCipher,
  Timer,
} from './ports.ts';
import type { ChatProvider } from './providers/chat-provider.ts';
import type { Redactor } from './redaction/redactor.ts';
import { SettingsService } from './settings/settings-service.ts';
import { OPENROUTER_ORIGIN } from './sign-in/openrouter-endpoints.ts';
import { SignInService } from './sign-in/sign-in-service.ts';
import { systemTimer } from './system-timer.ts';
import { KeyEntry } from './vault/key-entry.ts';
import { createKeySpotter } from './vault/key-spotter.ts';
import { KeystoreWatch } from './vault/keystore-watch.ts';
import { VaultService } from './vault/vault-service.ts';

/** Everything core needs from its host. */
export interface CoreOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly cipher: SecretCipher;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly redactor: Redactor;
  readonly desktop: Desktop;
  readonly keyWindow: KeyWindowHost;
  readonly settingsFile: DocumentStore;
  readonly connectionsFile: DocumentStore;
  readonly vaultFile: DocumentStore;
  readonly certificatesFile: DocumentStore;
  /** The open history, or why it could not be opened: the window then shows that and nothing else. */
  readonly history: HistoryStore | WireError;
  /** What the organisation allows, or why its policy cannot be used: then nothing is allowed. */
  readonly policy: Policy | WireError;
  /** Called once, with the log its requests go into and the way they leave. */
  readonly createProvider: (log: NetworkLog, fetch: Fetch) => ChatProvider;
  /** Asks the operating system for the proxy of an origin; answers as a PAC script does. */
  readonly resolveProxy: (origin: string) => Promise<string>;
  /** The proxy variables of the environment, taken out of it at the start. */
  readonly proxyVariables: ProxyVariables;
  /** Whether this run lets the system name its proxy by a script. */
  readonly allowsProxyScripts: boolean;
  /** The last lines of the log, for diagnostics. */
  readonly readLogTail: () => Promise<string>;
  readonly info: Omit<AppInfo, 'keystore' | 'policy' | 'blocked' | 'notices'>;
  /** Longest silence of a provider within a stream; 90 s unless told. */
  readonly stallTimeoutMs?: number;
  /** The system's unless told. */
  readonly timer?: Timer;
  /** Where signing in with OpenRouter happens, when not at OpenRouter. */
  readonly openRouterOrigin?: string;
}

/** The running core. */
export interface Core {
  readonly router: Router;
  readonly links: LinkInbox;
  readonly settings: SettingsService;
  /**
   * Marks replies a crash left behind, purges what was removed, asks the keystore and verifies keys. Called once, before a
   * window can ask; no window waits for its end.
   */
  start(): Promise<void>;
  /** Ends replies, saves them, closes the database. */
  stop(): Promise<void>;
}

/** A reasoning model may think this long without a word. */
const STALL_TIMEOUT_MS = 90_000;

/** Wires core's services by hand. The only place, with the tests' harness, that constructs them. */
export function createCore(options: CoreOptions): Core {
  const { clock, ids, events, logger, desktop, keyWindow, info } = options;
  const policyError = 'code' in options.policy ? options.policy : null;
  const policy = 'code' in options.policy ? CLOSED_POLICY : options.policy;
  const usable = policyError ?? options.history;
  const blocked = 'code' in usable ? usable : null;
  const history = 'code' in usable ? refusingHistory(usable) : usable;
  const isLoopbackOnly = info.runtime.isDevelopment && !info.runtime.allowsRemoteKeys;

  const notices = new NoticeBoard(events, ids);
  const settings = new SettingsService(options.settingsFile, events, notices);
  const network = new NetworkLog(clock, ids, () => settings.get().keepsNetworkLog);
  const { requiresKeystore } = policy;
  const vault = new VaultService({ ...options, file: options.vaultFile, notices, requiresKeystore });
  const certificates = new CertificateService({
    ...options,
    file: options.certificatesFile,
    seal: createSealedValue(vault, CERTIFICATES_OWNER_ID, 'Added certificates'),
    readSystemAuthorities,
    usesSystemStore: () => settings.get().certificates.usesSystemStore,
    notices,
  });
  const logins = createProxyLogins(createSealedValue(vault, PROXY_OWNER_ID, 'Proxy login'), options.redactor);
  for (const login of loginsInEnvironment(options.proxyVariables)) protectLogin(options.redactor, login);
  const transport = new NetworkTransport({
    sources: () => ({
      proxy: settings.get().proxy,
      variables: options.proxyVariables,
      resolveProxy: options.resolveProxy,
    }),
    context: () => certificates.secureContext(),
    findLogin: (proxyOrigin) => logins.find(proxyOrigin),
  });
  const provider = restrictProvider(options.createProvider(network, transport.fetch), policy);
  const connections = new ConnectionService({
    ...options,
    file: options.connectionsFile,
    vault,
    provider,
    notices,
    policy,
    demoBaseUrl: info.demoBaseUrl,
    isLoopbackOnly,
  });
  const keySpotter = createKeySpotter(options.redactor);
  const conversations = new ConversationService({ history, events, clock, logger });
  const chat = new ChatService({
    history,
    conversations,
    connections,
    provider,
    events,
    clock,
    ids,
    logger,
    keySpotter,
    stallTimeoutMs: options.stallTimeoutMs ?? STALL_TIMEOUT_MS,
  });
  const keystore = new KeystoreWatch({ cipher: options.cipher, vault, connections, events, logger });
  const keyEntry = new KeyEntry({
    vault,
    keystore,
    connections,
    keyWindow,
    desktop,
    ids,
    settings,
    logger,
    isLoopbackOnly,
  });
  const signIn = new SignInService({
    ...options,
    origin: options.openRouterOrigin ?? OPENROUTER_ORIGIN,
    fetch: transport.fetch,
    timer: options.timer ?? systemTimer,
    network,
    vault,
    connections,
  });
  const networkService = new NetworkService({
    settings,
    connections,
    transport,
    certificates,
    logins,
    keyWindow,
    desktop,
    clock,
    hasEnvironmentProxy: Object.keys(options.proxyVariables).length > 0,
    allowsScripts: options.allowsProxyScripts,
  });
  const links = new LinkInbox({ events, ids, notices, policy });
  const describe = (): AppInfo => ({
    ...info,
    keystore: vault.keystore(),
    policy: policy.inForce,
    blocked,
    notices: [...notices.list()],
  });

  const describeAll = async (): Promise<string> => {
    const facts = {
      info: describe(),
      connections: connections.list(),
      log: await options.readLogTail(),
    };
    return options.redactor.redact(describeDiagnostics(facts));
  };

  const handlers = createHandlers({
    chat,
    connections,
    conversations,
    desktop,
    describe,
    describeDiagnostics: describeAll,
    history,
    keyEntry,
    keySpotter,
    keystore,
    links,
    network,
    networkService,
    notices,
    policy,
    profileFolder: info.profileFolder,
    settings,
    signIn,
  });
  return {
    router: createRouter(handlers, logger, policyError),
    links,
    settings,
    async start() {
      // Before any await: the history answers in order, so no window can see a reply that a crash left `streaming`.
      const recovered = blocked === null ? history.interruptUnfinished(clock.now()) : Promise.resolve(0);
      desktop.applyTheme(settings.get().theme);
      if (policyError !== null) {
        // Nothing is decrypted, deleted or asked for while nobody may use it.
        logger.error('the policy cannot be used', { ...policyError });
        return;
      }
      if (policy.inForce !== null) logger.info('a policy is in force', { path: policy.inForce.path });
      const count = await recovered;
      if (count > 0) logger.info('marked replies as interrupted', { count });
      if (blocked === null) await history.purgeRemoved(clock.now());
      // The one unlock prompt of a start, and only where there is a key to unlock.
      await keystore.check({ mayPrompt: vault.hasKeptKeys() });
    },
    async stop() {
      await signIn.stop();
      conversations.stop();
      connections.stop();
      await chat.stop();
      await transport.close();
      if (!('code' in options.history)) await options.history.close();
    },
  };
}

/** Stands in for a history that could not be opened or may not be used: every call says why. */
function refusingHistory(error: WireError): HistoryStore {
  const refuse = () => Promise.reject(new AppError(error.code, error.message, { details: error.details }));
  // `as`: a proxy that refuses every method by name, so that a new method cannot be forgotten here.
  return new Proxy({}, { get: () => refuse }) as HistoryStore;
}
