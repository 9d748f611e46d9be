import type { AppInfo } from '../../contract/model/app-info.ts';
import type { SummaryService } from '../beside/summary-service.ts';
import type { TitleService } from '../beside/title-service.ts';
import type { AttachmentService } from '../attachments/attachment-service.ts';
import type { ImagePreparer } from '../attachments/image-preparer.ts';
import type { BackupService } from '../backups/backup-service.ts';
import type { ChatService } from '../chat/chat-service.ts';
import type { ConnectionService } from '../connections/connection-service.ts';
import type { ConversationService } from '../conversations/conversation-service.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { LinkInbox } from '../links/link-inbox.ts';
import { parseOutgoingLink } from '../links/parse-outgoing-link.ts';
import type { ModelService } from '../models/model-service.ts';
import type { NetworkLog } from '../network/network-log.ts';
import type { NetworkService } from '../network/network-service.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import { assertExportAllowed } from '../policy/assert-export-allowed.ts';
import type { Policy } from '../policy/policy.ts';
import { refusal } from '../policy/refusal.ts';
import type { Desktop } from '../ports.ts';
import type { PresetService } from '../presets/preset-service.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import type { SignInService } from '../sign-in/sign-in-service.ts';
import type { TransferService } from '../transfer/transfer-service.ts';
import { describeExposure } from '../vault/describe-exposure.ts';
import type { KeyEntry } from '../vault/key-entry.ts';
import { cutStretches } from '../vault/key-shape.ts';
import { assertNoKeyIn, assertNoKeyInPrompt, type KeySpotter } from '../vault/key-spotter.ts';
import type { KeystoreWatch } from '../vault/keystore-watch.ts';
import type { Handlers } from './router.ts';

/** What the handlers hand requests to. */
export interface HandlerDependencies {
  readonly attachments: AttachmentService;
  readonly backups: BackupService;
  readonly chat: ChatService;
  readonly connections: ConnectionService;
  readonly conversations: ConversationService;
  readonly desktop: Desktop;
  readonly describe: () => AppInfo;
  readonly describeDiagnostics: () => Promise<string>;
  readonly history: HistoryStore;
  readonly images: ImagePreparer;
  readonly keyEntry: KeyEntry;
  readonly keySpotter: KeySpotter;
  readonly keystore: KeystoreWatch;
  readonly ledger: LedgerService;
  readonly links: LinkInbox;
  readonly models: ModelService;
  readonly network: NetworkLog;
  readonly networkService: NetworkService;
  readonly notices: NoticeBoard;
  readonly policy: Policy;
  readonly presets: PresetService;
  readonly profileFolder: string;
  readonly reopenHistory: () => Promise<{ isOpen: boolean }>;
  readonly settings: SettingsService;
  readonly signIn: SignInService;
  readonly transfer: TransferService;
  readonly summaries: SummaryService;
  readonly titles: TitleService;
}

/** One short handler per route. */
export function createHandlers(dependencies: HandlerDependencies): Handlers {
  const { chat, connections, conversations, desktop, history, keyEntry, links, network, notices, settings } =
    dependencies;
  const { attachments, keySpotter, ledger, models, networkService, presets, signIn } = dependencies;
  return {
    'app.info': () => dependencies.describe(),
    'app.diagnostics': async () => ({ text: await dependencies.describeDiagnostics() }),
    'app.dismissNotice': ({ id }) => done(notices.dismiss(id)),
    'app.openProfileFolder': async () => done(await desktop.openFolder(dependencies.profileFolder)),
    'app.restart': () => done(desktop.restart()),
    'settings.get': () => settings.get(),
    'settings.change': (patch) => {
      const changed = networkService.changeSettings(patch);
      desktop.applyTheme(changed.theme);
      return changed;
    },
    'link.open': async ({ url, text }) => ({
      outcome: await desktop.confirmAndOpen(parseOutgoingLink(url, text)),
    }),
    'link.pending': () => links.pending(),
    'link.settle': ({ id }) => done(links.settle(id)),
    'protocol.status': () => desktop.protocolStatus(),
    'protocol.register': () => {
      if (!dependencies.policy.allowsDeepLinks) throw refusal('policy/deep-links');
      return desktop.registerProtocol();
    },
    'protocol.unregister': () => desktop.unregisterProtocol(),

    'chat.send': (input) => chat.send(input),
    'chat.regenerate': (input) => chat.regenerate(input),
    'chat.continue': (input) => chat.continue(input),
    'chat.cancel': ({ streamId }) => done(chat.cancel(streamId)),
    'chat.retryNow': ({ streamId }) => done(chat.retryNow(streamId)),
    'chat.attach': ({ conversationId }) => chat.attach(conversationId),

    'conversations.list': () => conversations.list(),
    'conversations.open': ({ id }) => history.openConversation(id),
    'conversations.rename': ({ id, title }) => conversations.rename(id, title),
    'conversations.choose': ({ id, ...choice }) => conversations.choose(id, choice),
    'conversations.setGeneration': ({ id, generation }) => {
      assertNoKeyInPrompt(generation.systemPrompt, keySpotter);
      return conversations.setGeneration(id, generation);
    },
    'conversations.remove': async ({ id }) => {
      await Promise.all([chat.stopIn(id), dependencies.titles.stopIn(id), dependencies.summaries.stopIn(id)]);
      return conversations.remove(id);
    },
    'conversations.restore': ({ id }) => conversations.restore(id),
    'conversations.showVariant': ({ id, messageId }) => history.showVariant(id, messageId),
    'conversations.branch': ({ messageId }) => conversations.branch(messageId),
    'conversations.countBelow': async ({ messageId }) => ({ count: await history.countBelow(messageId) }),
    'conversations.removeMessage': async ({ messageId }) => {
      await chat.stopBelow(messageId);
      return conversations.removeMessage(messageId);
    },
    'conversations.restoreMessage': ({ messageId }) => conversations.restoreMessage(messageId),
    'conversations.summarise': (input) => dependencies.summaries.start(input),
    'conversations.cancelSummary': ({ id }) => done(dependencies.summaries.cancel(id)),
    'conversations.liveSummary': ({ id }) => dependencies.summaries.live(id),
    'conversations.setSummary': ({ id, summary }) => {
      assertNoKeyIn([summary?.text], keySpotter);
      return dependencies.summaries.set(id, summary);
    },
    'drafts.get': async ({ conversationId }) => ({ text: await history.readDraft(conversationId) }),
    'drafts.save': async ({ conversationId, text }) =>
      done(await history.writeDraft(conversationId, cutStretches(text, keySpotter(text)))),

    'newChat.get': () => history.readNewChat(),
    'newChat.save': async ({ choice }) => {
      assertNoKeyInPrompt(choice?.generation?.systemPrompt, keySpotter);
      return done(await history.writeNewChat(choice));
    },

    'presets.list': () => presets.list(),
    'presets.save': (preset) => presets.save(preset),
    'presets.remove': ({ id }) => presets.remove(id),
    'presets.restore': ({ id }) => presets.restore(id),
    'prompts.list': () => presets.listPrompts(),
    'prompts.save': (prompt) => presets.savePrompt(prompt),
    'prompts.remove': ({ id }) => presets.removePrompt(id),
    'prompts.restore': ({ id }) => presets.restorePrompt(id),

    'attachments.pick': () => attachments.pick(),
    'attachments.addPicked': (input) => attachments.addPicked(input),
    'attachments.add': (input) => attachments.add(input),
    'attachments.draft': ({ conversationId }) => attachments.listDraft(conversationId),
    'attachments.remove': ({ conversationId, id }) => attachments.remove(conversationId, id),
    'attachments.restore': ({ conversationId, id }) => attachments.restore(conversationId, id),
    'attachments.save': async ({ id }) => {
      assertExportAllowed(dependencies.policy);
      return { outcome: await attachments.save(id) };
    },
    'imageWindow.next': () => dependencies.images.next(),
    'imageWindow.finish': ({ id, outcome }) => done(dependencies.images.finish(id, outcome)),

    'connections.list': () => connections.list(),
    'connections.addDemo': () => connections.addDemo(),
    'connections.change': ({ id, ...change }) => {
      assertNoKeyIn([change.label, change.baseUrl, change.organization, change.project], keySpotter);
      return connections.change(id, change);
    },
    'connections.remove': async ({ id }) => {
      connections.remove(id);
      ledger.forgetConnection(id);
      models.forgetConnection(id);
      return done(await history.forgetConnection(id));
    },
    'connections.models': ({ id, shouldRefresh }) => connections.models(id, shouldRefresh),
    'models.capabilities': ({ connectionId, model }) => models.capabilities(connectionId, model),
    'connections.findLocal': () => connections.findLocal(),
    'connections.addLocal': (server) => connections.addLocal(server),
    'keys.openWindow': async (task) => done(await keyEntry.open(task)),
    'keys.test': ({ connectionId, keyId }) => connections.test(connectionId, keyId),
    'keys.recheck': () => dependencies.keystore.check({ mayPrompt: true }),
    'keys.use': ({ connectionId, keyId }) => connections.useKey(connectionId, keyId),
    'keys.change': ({ connectionId, keyId, ...change }) => {
      assertNoKeyIn([change.label], keySpotter);
      return connections.changeKey(connectionId, keyId, change);
    },
    'keys.remove': ({ connectionId, keyId }) => connections.removeKey(connectionId, keyId),
    'keys.restore': ({ connectionId, keyId }) => connections.restoreKey(connectionId, keyId),
    'keys.exposure': ({ connectionId, keyId }) =>
      describeExposure(connections.find(connectionId), keyId, history),

    'search.messages': (request) => history.search(request),
    'backups.list': () => dependencies.backups.list(),
    'backups.make': () => dependencies.backups.make(),
    'backups.remove': async ({ name }) => done(await dependencies.backups.remove(name)),
    'backups.restore': async ({ name }) => done(await dependencies.backups.restore(name)),
    'history.reopen': () => dependencies.reopenHistory(),

    'network.list': () => network.list(),
    'network.clear': () => done(network.clear()),
    'network.status': () => networkService.status(),
    'network.test': ({ connectionId }) => networkService.test(connectionId),
    'network.enterLogin': async ({ proxy }) => done(await networkService.enterLogin(proxy)),
    'network.removeLogin': () => networkService.removeLogin(),
    'network.addCertificate': () => networkService.addCertificate(),
    'network.removeCertificate': ({ id }) => networkService.removeCertificate(id),

    'signIn.start': () => signIn.start(),
    'signIn.openBrowser': async () => done(await signIn.openBrowser()),
    'signIn.cancel': () => signIn.cancel(),
    'signIn.status': () => signIn.status(),

    'chat.estimate': (input) => chat.estimate(input),
    'ledger.report': ({ month }) => ledger.report(month),
    'ledger.conversation': ({ id }) => ledger.conversation(id),
    'ledger.budgets': () => ledger.budgets(),
    'ledger.setBudget': ({ connectionId, budget }) => done(ledger.setBudget(connectionId, budget)),
    'ledger.prices': ({ connectionId }) => ledger.prices(connectionId),
    'ledger.setPrice': ({ connectionId, model, rates }) => done(ledger.setPrice(connectionId, model, rates)),
    'ledger.export': async () => {
      assertExportAllowed(dependencies.policy);
      const { csv, day } = await ledger.exportCsv();
      const file = { title: 'Export usage', defaultName: `latchkey-usage-${day}.csv`, text: csv };
      return { outcome: await desktop.saveTextFile(file) };
    },

    'transfer.status': () => dependencies.transfer.status(),
    'transfer.import': () => dependencies.transfer.import(),
    'transfer.export': (request) => dependencies.transfer.export(request),
    'transfer.cancel': () => done(dependencies.transfer.cancel()),
    'transfer.dismiss': () => done(dependencies.transfer.dismiss()),

    'keyWindow.describe': () => ({ ...keyEntry.describe(), proxy: networkService.describeLogin() }),
    'keyWindow.recheck': async () => ({
      ...(await keyEntry.recheck()),
      proxy: networkService.describeLogin(),
    }),
    'keyWindow.saveProxy': async (input) => done(await networkService.saveLogin(input)),
    'keyWindow.paste': () => keyEntry.paste(),
    'keyWindow.save': (input) => keyEntry.save(input),
    'keyWindow.cancel': () => done(keyEntry.cancel()),
  };
}

/** The answer of a route that only does. */
function done(_nothing: void): null {
  return null;
}
