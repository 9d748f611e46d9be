import type { WireError } from '../contract/app-error.ts';
import type { AppInfo } from '../contract/model/app-info.ts';
import { AttachmentService } from './attachments/attachment-service.ts';
import type { BlobStore } from './attachments/blob-store.ts';
import { ImagePreparer } from './attachments/image-preparer.ts';
import { BackupService } from './backups/backup-service.ts';
import { BesideRequests } from './beside/beside-request.ts';
import { SummaryService } from './beside/summary-service.ts';
import { TITLE_TIME_LIMIT_MS, TitleService } from './beside/title-service.ts';
import { billedTurns } from './chat/billed-turns.ts';
import { ChatService } from './chat/chat-service.ts';
import { ContextFitter } from './chat/context-fitter.ts';
import { ContextWindows } from './chat/context-windows.ts';
import { REPLY_TIMING, type ReplyTiming } from './chat/reply-timing.ts';
import { ConnectionService } from './connections/connection-service.ts';
import { ConversationService } from './conversations/conversation-service.ts';
import type { HistoryFiles } from './history/history-files.ts';
import { HistorySlot } from './history/history-slot.ts';
import type { HistoryStore } from './history/history-store.ts';
import { describeDiagnostics } from './diagnostics/describe-diagnostics.ts';
import { openHistory } from './history/open-history.ts';
import { createHandlers } from './ipc/handlers.ts';
import { createRouter, type Router } from './ipc/router.ts';
import { managedBudgets } from './ledger/managed-budgets.ts';
import { CostRules } from './ledger/cost-rules.ts';
import { estimateTurns } from './ledger/estimate-tokens.ts';
import { LedgerService } from './ledger/ledger-service.ts';
import { LinkInbox } from './links/link-inbox.ts';
import { readSystemAuthorities } from './network/certificate-authorities.ts';
import { CertificateService } from './network/certificate-service.ts';
import { loginsInEnvironment, type ProxyVariables } from './network/environment-proxy.ts';
import { NetworkLog } from './network/network-log.ts';
import { NetworkService } from './network/network-service.ts';
import { NetworkTransport, type Fetch } from './network/network-transport.ts';
import { createProxyLogins, protectLogin } from './network/proxy-logins.ts';
import { CERTIFICATES_OWNER_ID, createSealedValue, PROXY_OWNER_ID } from './network/sealed-value.ts';
import { ModelService } from './models/model-service.ts';
import { NoticeBoard } from './notices/notice-board.ts';
import { CLOSED_POLICY, type Policy } from './policy/policy.ts';
import { PresetLibrary } from './presets/preset-library.ts';
import { PresetService } from './presets/preset-service.ts';
import { restrictProvider } from './policy/restrict-provider.ts';
import type {
  Clock,
  Desktop,
  DocumentStore,
  EventSink,
  HostSignals,
  IdSource,
  ImageWindowHost,
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
import type { TransferPlace } from './transfer/run-transfer.ts';
import { TransferService } from './transfer/transfer-service.ts';
import { KeyEntry } from './vault/key-entry.ts';
import { createKeySpotter } from './vault/key-spotter.ts';
import { KeystoreWatch } from './vault/keystore-watch.ts';
import { VaultService } from './vault/vault-service.ts';
import { within } from './within.ts';

/** A transfer that does not end by then is cleaned up after at the next start. */
const TRANSFER_STOP_MS = 1_000;

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
  readonly imageWindow: ImageWindowHost;
  readonly settingsFile: DocumentStore;
  readonly connectionsFile: DocumentStore;
  readonly vaultFile: DocumentStore;
  readonly certificatesFile: DocumentStore;
  /** Budgets and prices. */
  readonly costsFile: DocumentStore;
  /** What servers were seen to take and refuse. */
  readonly capabilitiesFile: DocumentStore;
  /** Presets and prompts. */
  readonly presetsFile: DocumentStore;
  /** The open history, or why it could not be opened: the window then shows that and nothing else. */
  readonly history: HistoryStore | WireError;
  /** What the organisation allows, or why its policy cannot be used: then nothing is allowed. */
  readonly policy: Policy | WireError;
  readonly historyFiles: HistoryFiles;
  /** The bytes of the files of messages. */
  readonly blobs: BlobStore;
  /** Where imports and exports find the history's files, and what runs them. */
  readonly transferPlace: TransferPlace;
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
  /** The system's unless told. */
  readonly timer?: Timer;
  /** Where signing in with OpenRouter happens, when not at OpenRouter. */
  readonly openRouterOrigin?: string;
  readonly signals: HostSignals;
  /** How long a reply waits for what; {@link REPLY_TIMING} unless told. */
  readonly timing?: ReplyTiming;
  /** {@link TITLE_TIME_LIMIT_MS} unless told. */
  readonly titleTimeLimitMs?: number;
}

/** The running core. */
export interface Core {
  readonly router: Router;
  readonly attachments: AttachmentService;
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

/** Wires core's services by hand. The only place, with the tests' harness, that constructs them. */
export function createCore(options: CoreOptions): Core {
  const { clock, ids, events, logger, desktop, keyWindow, info } = options;
  const policyError = 'code' in options.policy ? options.policy : null;
  const policy = 'code' in options.policy ? CLOSED_POLICY : options.policy;
  const slot = new HistorySlot(options.history);
  const history = slot.store;
  const timer = options.timer ?? systemTimer;
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
  const models = new ModelService({ ...options, file: options.capabilitiesFile, connections });
  const keySpotter = createKeySpotter(options.redactor);
  const conversations = new ConversationService({
    history,
    events,
    clock,
    ids,
    logger,
    async onPurged() {
      await backups.purge();
      await attachments.collect();
    },
  });
  const images = new ImagePreparer({ ...options, timer });
  const attachments = new AttachmentService({
    ...options,
    images,
    keySpotter,
    store: history.attachments,
    listBackedUpHashes: () => options.historyFiles.listBackedUpHashes(),
  });
  const ledger = new LedgerService({
    ...options,
    store: history.ledger,
    rules: new CostRules(options.costsFile, notices, logger),
    history,
    connections,
    settings,
    notices,
    managedBudgets: ({ id }) => managedBudgets(policy.budgetsFor(id)),
  });
  const windows = new ContextWindows(models);
  const timing = options.timing ?? REPLY_TIMING;
  const requests = new BesideRequests({ provider, connections, ledger, models, timing });
  const titles = new TitleService({
    requests,
    history,
    conversations,
    connections,
    ledger,
    models,
    settings,
    logger,
    keySpotter,
    redactor: options.redactor,
    timeLimitMs: options.titleTimeLimitMs ?? TITLE_TIME_LIMIT_MS,
  });
  const summaries = new SummaryService({
    requests,
    history,
    connections,
    windows,
    keySpotter,
    events,
    logger,
  });
  const chat = new ChatService({
    fitter: new ContextFitter(windows, settings, (file) => attachments.readFile(file)),
    history,
    conversations,
    connections,
    ledger,
    attachments,
    models,
    provider,
    events,
    clock,
    ids,
    logger,
    keySpotter,
    signals: options.signals,
    timing,
    random: Math.random,
    onEnded: (plan, outcome) => {
      const { error } = outcome;
      const sentTokens = estimateTurns(billedTurns(plan.request));
      if (error !== null)
        windows.noteError(plan.resolved.connection, plan.asked.model, { error, sentTokens });
      titles.afterReply(plan, outcome);
    },
  });
  const presets = new PresetService({
    library: new PresetLibrary(options.presetsFile, notices, logger),
    connections,
    policy,
    keySpotter,
    clock,
    ids,
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
    keySpotter,
  });
  const signIn = new SignInService({
    ...options,
    origin: options.openRouterOrigin ?? OPENROUTER_ORIGIN,
    fetch: transport.fetch,
    timer,
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
  const backups = new BackupService({
    files: options.historyFiles,
    notices,
    desktop,
    logger,
    stopReplies: () => chat.stop(),
    onTended: () => attachments.collectAll(),
  });
  const links = new LinkInbox({ events, ids, notices, policy });
  const describe = (): AppInfo => ({
    ...info,
    keystore: vault.keystore(),
    policy: policy.inForce,
    blocked: policyError ?? slot.blocked(),
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

  /** Marks what a crash left behind, deletes what is still marked. Not called while the history is blocked. */
  const takeUpHistory = async (): Promise<void> => {
    // Before any await: the history answers in order, so no window can see a reply that a crash left `streaming`.
    const count = await history.interruptUnfinished(clock.now());
    if (count > 0) logger.info('marked replies as interrupted', { count });
    await ledger.recover();
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

  const transfer = new TransferService({
    ...options,
    place: options.transferPlace,
    history,
    attachments,
    policy,
    preparePicture: (bytes, mediaType) => images.prepare(bytes, mediaType),
    measurePicture: (bytes, mediaType) => images.measure(bytes, mediaType),
    onImported: () => conversations.announce(),
    onReleased: () => backups.purge(),
    // All whose deletion has begun, and nothing that can still be undone.
    onDropped: () => conversations.purge(0),
  });

  const handlers = createHandlers({
    attachments,
    images,
    backups,
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
    ledger,
    links,
    models,
    network,
    networkService,
    notices,
    policy,
    presets,
    profileFolder: info.profileFolder,
    reopenHistory,
    settings,
    signIn,
    transfer,
    summaries,
    titles,
  });
  return {
    router: createRouter(handlers, { logger, redactor: options.redactor, refused: policyError }),
    links,
    settings,
    attachments,
    async start() {
      const isUsable = policyError === null && slot.blocked() === null;
      const takenUp = isUsable ? takeUpHistory() : Promise.resolve();
      desktop.applyTheme(settings.get().theme);
      if (policyError !== null) {
        // Nothing is decrypted, deleted or asked for while nobody may use it.
        logger.error('the policy cannot be used', { ...policyError });
        return;
      }
      if (policy.inForce !== null) logger.info('a policy is in force', { path: policy.inForce.path });
      transfer.start();
      await takenUp;
      if (slot.blocked() === null) await conversations.purge(clock.now());
      // The one unlock prompt of a start, and only where there is a key to unlock.
      await keystore.check({ mayPrompt: vault.hasKeptKeys() });
    },
    async stop() {
      conversations.stop();
      connections.stop();
      const jobsEnded = backups.stop();
      const signInEnded = signIn.stop();
      const transferEnded = transfer.stop();
      // Quitting has three seconds in all. Answers are paid for, so they come first, and their pictures need the image window.
      await chat.stop();
      attachments.stop();
      await Promise.all([
        signInEnded,
        titles.stop(),
        summaries.stop(),
        within(transferEnded, TRANSFER_STOP_MS, timer),
      ]);
      await transport.close();
      if (slot.blocked() === null) await history.close();
      await jobsEnded;
    },
  };
}
