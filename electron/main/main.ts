// First, before any other module can look at the environment.
import './harden-process.ts';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { app, session } from 'electron';
import {
  captureLinks,
  isTooLongToHandOver,
  linkForHandOver,
  linkFromHandOver,
  OVERLONG_LINK,
  type LinkCapture,
} from './capture-links.ts';
import { compose, type Composition } from './compose.ts';
import { followsProxyScripts } from './platform/follows-proxy-scripts.ts';
import { serveRequests } from './ipc/serve-requests.ts';
import { installApplicationMenu } from './menu/application-menu.ts';
import { findForbiddenSwitch, parseLaunchArguments, type LaunchArguments } from './parse-launch-arguments.ts';
import { answerKeystoreProbe } from './platform/answer-keystore-probe.ts';
import { discardTemporaryFolder, probeProfileFolder, type ProfileFolder } from './platform/profile-folder.ts';
import { readDevServerOrigin } from './protocol/is-allowed-request.ts';
import { registerAppScheme, serveChat } from './protocol/serve-app.ts';
import { stopBeforeQuit } from './stop-before-quit.ts';
import { hardenSession } from './windows/harden-session.ts';
import { hardenWebContents } from './windows/harden-web-contents.ts';

const argv = process.argv.slice(1);
const devServerOrigin = readDevServerOrigin(app.isPackaged, process.env['ELECTRON_RENDERER_URL']);

// Frozen: on macOS the Keychain item that protects the keys is bound to this name.
app.setName('Latchkey');
refuseIntrusiveSwitches();
closeChromiumIn();
const links = captureLinks();
app.on('open-url', (event, url) => {
  event.preventDefault();
  links.receive(url);
});
const launch = parseLaunchArguments(argv, { isPackaged: app.isPackaged });
if (launch.link !== null) links.receive(launch.link);
const profile = claimProfileFolder();
const allowsProxyScripts = followsProxyScripts(profile.workingPath);
blindChromium();

// No top-level await: `ready` waits for this module to end.
if (launch.isKeystoreProbe) void answerKeystoreProbe(new URL('./probe-guard.js', import.meta.url));
else if (isTooLongToHandOver(process.argv, launch.link)) startWithoutLink(launch.link);
else if (app.requestSingleInstanceLock(linkForHandOver(launch.link)))
  void runFirstInstance(launch, profile, links);
else {
  process.stdout.write('Latchkey is already running; its window was brought to the front.\n');
  app.exit(0);
}

/** Starts again with a short word in place of the link: the app opens and says that the link was too long. */
function startWithoutLink(link: string | null): void {
  const kept = argv.slice(0, link === null ? argv.length : argv.indexOf(link));
  spawn(process.execPath, [...kept, OVERLONG_LINK], { detached: true, stdio: 'inherit' }).unref();
  app.exit(0);
}

/** A packaged Latchkey gives nobody a debugger. Leaves before Chromium would listen. */
function refuseIntrusiveSwitches(): void {
  const forbidden = app.isPackaged ? findForbiddenSwitch(argv) : null;
  if (forbidden === null) return;
  process.stderr.write(`Latchkey does not start with ${forbidden}.\n`);
  process.exit(1);
}

/** Everything that has to be said before `ready`. */
function closeChromiumIn(): void {
  // Overrules `--no-sandbox`, but for root, whom Chromium cannot sandbox at all.
  const isUnsandboxedRoot = process.getuid?.() === 0 && app.commandLine.hasSwitch('no-sandbox');
  if (!isUnsandboxedRoot) app.enableSandbox();
  registerAppScheme();
  app.commandLine.appendSwitch('disable-background-networking');
  app.commandLine.appendSwitch('no-pings');
  app.on('session-created', (created) => hardenSession(created, devServerOrigin));
  app.on('web-contents-created', (_event, contents) => hardenWebContents(contents));
}

/**
 * The third wall, behind CSP and request filter: Chromium's own services find no host either. It stands unless a person asked
 * to follow their system's proxy script, which only Chromium can fetch and run.
 */
function blindChromium(): void {
  if (devServerOrigin !== null || allowsProxyScripts) return;
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** The lock lies in the profile folder, so whether it can be written comes first. */
function claimProfileFolder(): ProfileFolder {
  // The switch is read too: where Chromium cannot make the folder, `getPath` names the default profile instead.
  const asked = app.commandLine.getSwitchValue('user-data-dir');
  const found = probeProfileFolder(asked === '' ? app.getPath('userData') : resolve(asked));
  if (found.blocked !== null) app.setPath('userData', found.workingPath);
  process.on('exit', () => discardTemporaryFolder(found));
  return found;
}

async function runFirstInstance(
  launchArguments: LaunchArguments,
  profileFolder: ProfileFolder,
  linkCapture: LinkCapture,
): Promise<void> {
  await app.whenReady();
  const composition = await compose({
    launch: launchArguments,
    profile: profileFolder,
    devServerOrigin,
    allowsProxyScripts,
  });
  for (const problem of launchArguments.problems) composition.logger.warn(problem);
  const started = composition.core.start();
  serveChat(session.defaultSession, {
    rendererFolder: composition.rendererFolder,
    readPicture: (hash) => composition.core.attachments.readPicture(hash),
    isDevelopment: devServerOrigin !== null,
  });
  serveRequests(composition.core.router, composition.windows, devServerOrigin);
  followApplication(composition, linkCapture);
  composition.chatWindow.show();
  await started.catch((error: unknown) => composition.logger.error('the start was not completed', { error }));
}

function followApplication(composition: Composition, linkCapture: LinkCapture): void {
  const { core, chatWindow, events } = composition;
  installApplicationMenu({
    platform: process.platform,
    isDevelopment: !app.isPackaged,
    choose(command) {
      chatWindow.show();
      events.emit({ name: 'menu.chosen', payload: { command } });
    },
  });
  linkCapture.deliverTo((raw) => core.links.receive(raw));
  // The command line of the other instance is ignored: only the link it picked itself counts.
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const link = linkFromHandOver(data);
    if (link !== null) linkCapture.receive(link);
    chatWindow.show();
  });
  app.on('activate', () => chatWindow.show());
  // Not once all windows are closed: the hidden one for pictures may be at work, and stopping waits for it.
  chatWindow.onClosed(() => {
    if (process.platform !== 'darwin') app.quit();
  });
  // Without a listener Electron would quit on macOS, too.
  app.on('window-all-closed', () => undefined);
  stopBeforeQuit(() => core.stop());
}
