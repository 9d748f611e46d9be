import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { app, safeStorage } from 'electron';
import { createCore, type Core } from '../core/create-core.ts';
import { createBlobStore } from '../core/attachments/blob-store.ts';
import { openHistory } from '../core/history/open-history.ts';
import { createOpenAIProvider } from '../core/providers/openai/openai-provider.ts';
import { createRedactor } from '../core/redaction/redactor.ts';
import { OPENROUTER_ORIGIN } from '../core/sign-in/openrouter-endpoints.ts';
import { describePlatform, describeRuntime } from './describe-runtime.ts';
import { proxyVariables } from './harden-process.ts';
import { createEventSink } from './ipc/send-events.ts';
import type { LaunchArguments } from './parse-launch-arguments.ts';
import { createDocumentFile } from './platform/document-file.ts';
import { createElectronDesktop } from './platform/electron-desktop.ts';
import { createHostSignals } from './platform/host-signals.ts';
import { createKeystoreProbe, describeProgram } from './platform/keystore-probe.ts';
import { createLogFile, readLogTail } from './platform/log-file.ts';
import { openPolicy } from './platform/open-policy.ts';
import { findPolicyPlace } from './platform/policy-file.ts';
import { createProfileHistory } from './platform/profile-history.ts';
import type { ProfileFolder } from './platform/profile-folder.ts';
import { createProtocolRegistration } from './platform/protocol-registration.ts';
import { createSystemProxy } from './platform/system-proxy.ts';
import { SafeStorageCipher } from './platform/safe-storage-cipher.ts';
import { createChatWindow, type ChatWindow } from './windows/chat-window.ts';
import { createImageWindowHost } from './windows/image-window.ts';
import { createKeyWindowHost } from './windows/key-window.ts';
import { recoveryNotice } from './windows/recovery-notice.ts';
import type { WindowContext } from './windows/window-context.ts';
import { createWindowRegistry, type WindowRegistry } from './windows/window-registry.ts';
import type { EventSink, Logger } from '../core/ports.ts';

/** What the program is made from. */
export interface CompositionOptions {
  readonly launch: LaunchArguments;
  readonly profile: ProfileFolder;
  readonly devServerOrigin: string | null;
  /** Whether this run lets the system name its proxy by a script. */
  readonly allowsProxyScripts: boolean;
}

/** The parts `main.ts` starts and stops. */
export interface Composition {
  readonly core: Core;
  readonly chatWindow: ChatWindow;
  readonly windows: WindowRegistry;
  readonly events: EventSink;
  readonly logger: Logger;
  /** The folder of the built pages. */
  readonly rendererFolder: string;
}

/** So much of the log goes into diagnostics: enough for the story, short enough to be read before it is sent. */
const DIAGNOSTICS_LOG_BYTES = 8_192;

/** Builds every object by hand. Runs after `ready`. */
export async function compose({
  launch,
  profile,
  devServerOrigin,
  allowsProxyScripts,
}: CompositionOptions): Promise<Composition> {
  const folder = profile.workingPath;
  const outFolder = join(import.meta.dirname, '..');
  const resourcesFolder = join(outFolder, '..', 'resources');
  const now = (): number => Date.now();
  const ids = { next: () => randomUUID() as string };
  const file = (name: string) => createDocumentFile(folder, name, now);

  const openRouterOrigin = launch.openRouterOrigin ?? OPENROUTER_ORIGIN;

  const redactor = createRedactor();
  const logPath = join(folder, 'logs', 'latchkey.log');
  const logger = createLogFile(logPath, (text) => redactor.redact(text), now);
  const windows = createWindowRegistry();
  const events = createEventSink(windows);
  const context: WindowContext = {
    windows,
    preloadFolder: join(outFolder, 'preload'),
    rendererFolder: join(outFolder, 'renderer'),
    iconPath: join(resourcesFolder, 'icons', '512.png'),
    hasDevTools: !app.isPackaged,
    devServerOrigin,
  };
  const chatWindow = createChatWindow({
    ...context,
    stateFile: file('window-state'),
    logger,
    onRecovered: () => events.emit(recoveryNotice(ids)),
  });
  const historyFiles = createProfileHistory(profile, new URL('./history-worker.js', import.meta.url), {
    now,
  });
  const core = createCore({
    clock: { now },
    ids,
    cipher: new SafeStorageCipher({
      safeStorage,
      platform: process.platform,
      probe: process.platform === 'linux' ? createKeystoreProbe(describeProgram()) : null,
    }),
    events,
    logger,
    redactor,
    desktop: createElectronDesktop({
      window: () => chatWindow.current(),
      signInOrigin: openRouterOrigin,
      protocol: createProtocolRegistration(join(resourcesFolder, 'linux', 'latchkey.desktop')),
      environmentForRestart: proxyVariables,
    }),
    imageWindow: createImageWindowHost({ ...context, logger }),
    keyWindow: createKeyWindowHost({ ...context, parent: () => chatWindow.current(), logger }),
    settingsFile: file('settings'),
    connectionsFile: file('connections'),
    vaultFile: file('vault'),
    certificatesFile: file('certificates'),
    policy: openPolicy(findPolicyPlace(launch.policyFile, process.platform)),
    costsFile: file('costs'),
    capabilitiesFile: file('capabilities'),
    presetsFile: file('presets'),
    signals: createHostSignals(),
    history: await openHistory(historyFiles),
    historyFiles,
    blobs: createBlobStore(join(profile.path, 'attachments')),
    transferPlace: {
      databaseFile: join(profile.path, 'history.sqlite'),
      blobFolder: join(profile.path, 'attachments'),
      workerUrl: new URL('./transfer-worker.js', import.meta.url),
    },
    createProvider: createOpenAIProvider,
    resolveProxy: createSystemProxy({ allowsScripts: allowsProxyScripts }),
    proxyVariables,
    allowsProxyScripts,
    openRouterOrigin,
    readLogTail: () => readLogTail(logPath, DIAGNOSTICS_LOG_BYTES),
    info: {
      version: __APP_VERSION__,
      platform: describePlatform(process.platform),
      runtime: describeRuntime(process.versions, __PINNED_ELECTRON_MAJOR__, launch.allowsRemoteKeys),
      demoBaseUrl: launch.demoBaseUrl,
      profileFolder: profile.path,
    },
  });
  return { core, chatWindow, windows, events, logger, rendererFolder: context.rendererFolder };
}
