import { app } from 'electron';
import type { ProtocolStatus } from '../../contract/model/app-info.ts';
import { createLinuxProtocol } from './linux-protocol.ts';

/** Whether the OS opens `latchkey:` links with us. Changed by a click in settings only, never by a start. */
export interface ProtocolRegistration {
  status(): ProtocolStatus;
  register(): ProtocolStatus;
  unregister(): ProtocolStatus;
}

const SCHEME = 'latchkey';

/** Builds the registration of this platform. */
export function createProtocolRegistration(desktopTemplatePath: string): ProtocolRegistration {
  if (process.platform === 'linux') {
    return createLinuxProtocol({ templatePath: desktopTemplatePath, command: ownCommand() });
  }
  const status = (): ProtocolStatus => ({
    isRegistered: app.isDefaultProtocolClient(SCHEME, ...windowsCommand()),
    // macOS reads the scheme from an installed app's Info.plist.
    canRegister: process.platform !== 'darwin' || app.isPackaged,
  });
  return {
    status,
    register() {
      app.setAsDefaultProtocolClient(SCHEME, ...windowsCommand());
      return status();
    },
    unregister() {
      app.removeAsDefaultProtocolClient(SCHEME, ...windowsCommand());
      return status();
    },
  };
}

/** Executable and, when unpackaged, the app's folder; the same profile where another one was asked for. */
function ownCommand(): readonly string[] {
  const profile = app.commandLine.getSwitchValue('user-data-dir');
  return [
    process.env['APPIMAGE'] ?? process.execPath,
    ...(app.isPackaged ? [] : [app.getAppPath()]),
    ...(profile === '' ? [] : [`--user-data-dir=${profile}`]),
  ];
}

/** The bare double dash keeps Chromium from reading a crafted link as a switch. */
function windowsCommand(): [string, string[]] {
  const [executable = process.execPath, ...rest] = ownCommand();
  return [executable, [...rest, '--']];
}
