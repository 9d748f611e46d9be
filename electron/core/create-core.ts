import { AppError, type WireError } from '../contract/app-error.ts';
import type { AppInfo } from '../contract/model/app-info.ts';
import { ChatService } from './chat/chat-service.ts';
import { ConnectionService } from './connections/connection-service.ts';
import { ConversationService } from './conversations/conversation-service.ts';
import type { HistoryStore } from './history/history-store.ts';
import { createHandlers } from './ipc/handlers.ts';
import { createRouter, type Router } from './ipc/router.ts';
import { LinkInbox } from './links/link-inbox.ts';
import { NetworkLog } from './network/network-log.ts';
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
} from './ports.ts';
import type { ChatProvider } from './providers/chat-provider.ts';
import type { Redactor } from './redaction/redactor.ts';
import { SettingsService } from './settings/settings-service.ts';
import { KeyEntry } from './vault/key-entry.ts';
import { createKeySpotter } from './vault/key-spotter.ts';
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
  /** The open history, or why it could not be opened: the window then shows that and nothing else. */
  readonly history: HistoryStore | WireError;
  /** What the organisation allows, or why its policy cannot be used: then nothing is allowed. */
  readonly policy: Policy | WireError;
  /** Called once, with the log its requests go into. */
  readonly createProvider: (log: NetworkLog) => ChatProvider;
  readonly info: Omit<AppInfo, 'keystore' | 'policy' | 'blocked' | 'notices'>;
  /** Longest silence of a provider within a stream; 90 s unless told. */
  readonly stallTimeoutMs?: number;
}

/** The running core. */
export interface Core {
  readonly router: Router;
  readonly links: LinkInbox;
  readonly settings: SettingsService;
  /** Marks replies a crash left behind, verifies keys, purges what was removed. Called once, before a window can ask. */
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
  const provider = restrictProvider(options.createProvider(network), policy);
  const { requiresKeystore } = policy;
  const vault = new VaultService({ ...options, file: options.vaultFile, notices, requiresKeystore });
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
  const keyEntry = new KeyEntry({ vault, connections, keyWindow, desktop, ids, isLoopbackOnly });
  const links = new LinkInbox({ events, ids, notices, policy });
  const describe = async (): Promise<AppInfo> => ({
    ...info,
    keystore: await vault.keystore(),
    policy: policy.inForce,
    blocked,
    notices: [...notices.list()],
  });

  const handlers = createHandlers({
    chat,
    connections,
    conversations,
    desktop,
    describe,
    history,
    keyEntry,
    keySpotter,
    links,
    network,
    notices,
    policy,
    profileFolder: info.profileFolder,
    settings,
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
      await vault.verify();
      connections.announce();
      if (blocked === null) await history.purgeRemoved(clock.now());
    },
    async stop() {
      conversations.stop();
      connections.stop();
      await chat.stop();
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
