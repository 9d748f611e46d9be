import type { WireError } from '../contract/app-error.ts';
import type { AppInfo } from '../contract/model/app-info.ts';
import { BackupService } from './backups/backup-service.ts';
import { ChatService } from './chat/chat-service.ts';
import { ConnectionService } from './connections/connection-service.ts';
import { ConversationService } from './conversations/conversation-service.ts';
import type { HistoryFiles } from './history/history-files.ts';
import { HistorySlot } from './history/history-slot.ts';
import type { HistoryStore } from './history/history-store.ts';
import { openHistory } from './history/open-history.ts';
import { createHandlers } from './ipc/handlers.ts';
import { createRouter, type Router } from './ipc/router.ts';
import { LinkInbox } from './links/link-inbox.ts';
import { NetworkLog } from './network/network-log.ts';
import { NoticeBoard } from './notices/notice-board.ts';
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
  readonly historyFiles: HistoryFiles;
  /** Called once, with the log its requests go into. */
  readonly createProvider: (log: NetworkLog) => ChatProvider;
  readonly info: Omit<AppInfo, 'keystore' | 'blocked' | 'notices'>;
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
  const slot = new HistorySlot(options.history);
  const history = slot.store;
  const isLoopbackOnly = info.runtime.isDevelopment && !info.runtime.allowsRemoteKeys;

  const notices = new NoticeBoard(events, ids);
  const settings = new SettingsService(options.settingsFile, events, notices);
  const network = new NetworkLog(clock, ids, () => settings.get().keepsNetworkLog);
  const provider = options.createProvider(network);
  const vault = new VaultService({ ...options, file: options.vaultFile, notices });
  const connections = new ConnectionService({
    ...options,
    file: options.connectionsFile,
    vault,
    provider,
    notices,
    demoBaseUrl: info.demoBaseUrl,
    isLoopbackOnly,
  });
  const keySpotter = createKeySpotter(options.redactor);
  const conversations = new ConversationService({
    history,
    events,
    clock,
    logger,
    onPurged: () => backups.purge(),
  });
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
  const backups = new BackupService({
    files: options.historyFiles,
    notices,
    desktop,
    logger,
    stopReplies: () => chat.stop(),
  });
  const keyEntry = new KeyEntry({ vault, connections, keyWindow, desktop, ids, isLoopbackOnly });
  const links = new LinkInbox(events, ids, notices);
  const describe = async (): Promise<AppInfo> => ({
    ...info,
    keystore: await vault.keystore(),
    blocked: slot.blocked(),
    notices: [...notices.list()],
  });

  /** Marks what a crash left behind, deletes what is still marked. Not called while the history is blocked. */
  const takeUpHistory = async (): Promise<void> => {
    // Before any await: the history answers in order, so no window can see a reply that a crash left `streaming`.
    const count = await history.interruptUnfinished(clock.now());
    if (count > 0) logger.info('marked replies as interrupted', { count });
    backups.start(await history.startReport());
  };
  const reopenHistory = async (): Promise<{ isOpen: boolean }> => {
    if (slot.blocked() === null) return { isOpen: true };
    slot.fill(await openHistory(options.historyFiles));
    if (slot.blocked() !== null) return { isOpen: false };
    await takeUpHistory();
    await conversations.purge(clock.now());
    await conversations.announce();
    return { isOpen: true };
  };

  const handlers = createHandlers({
    backups,
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
    profileFolder: info.profileFolder,
    reopenHistory,
    settings,
  });
  return {
    router: createRouter(handlers, logger),
    links,
    settings,
    async start() {
      const takenUp = slot.blocked() === null ? takeUpHistory() : Promise.resolve();
      desktop.applyTheme(settings.get().theme);
      await takenUp;
      await vault.verify();
      connections.announce();
      if (slot.blocked() === null) await conversations.purge(clock.now());
    },
    async stop() {
      conversations.stop();
      connections.stop();
      const jobsEnded = backups.stop();
      await chat.stop();
      if (slot.blocked() === null) await history.close();
      await jobsEnded;
    },
  };
}
