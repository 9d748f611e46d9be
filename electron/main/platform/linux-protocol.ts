import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../contract/app-error.ts';
import type { ProtocolStatus } from '../../contract/model/app-info.ts';
import {
  defaultHandler,
  fillDesktopEntry,
  HANDLER_FILE,
  SCHEME_MIME_TYPE,
  withoutHandler,
} from './desktop-entry.ts';
import { toStorageError } from './inspect-document.ts';
import type { ProtocolRegistration } from './protocol-registration.ts';

/** A shell script that hangs must not hang the app. */
const XDG_TIMEOUT_MS = 5_000;

/** What the Linux registration needs. */
export interface LinuxProtocolOptions {
  readonly templatePath: string;
  /** How this Latchkey is started. */
  readonly command: readonly string[];
}

/** `latchkey:` links on Linux: a `.desktop` file of the person's own and the desktop's list of defaults. */
export function createLinuxProtocol({ templatePath, command }: LinuxProtocolOptions): ProtocolRegistration {
  const dataFolder = process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share');
  const configFolder = process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  const entryPath = join(dataFolder, 'applications', HANDLER_FILE);
  const listPath = join(configFolder, 'mimeapps.list');
  const status = (): ProtocolStatus => ({
    // `latchkey.desktop` is what an installed package brings.
    isRegistered: [HANDLER_FILE, 'latchkey.desktop'].includes(defaultHandler(readText(listPath)) ?? ''),
    canRegister: true,
  });
  return {
    status,
    register() {
      try {
        mkdirSync(dirname(entryPath), { recursive: true });
        writeFileSync(entryPath, fillDesktopEntry(readText(templatePath), command));
        execFileSync('xdg-mime', ['default', HANDLER_FILE, SCHEME_MIME_TYPE], {
          timeout: XDG_TIMEOUT_MS,
          stdio: 'ignore',
        });
      } catch (cause) {
        throw new AppError(
          'storage/failed',
          'The desktop did not accept Latchkey as the opener of its links.',
          {
            cause,
          },
        );
      }
      return status();
    },
    unregister() {
      const list = readText(listPath);
      const changed = withoutHandler(list);
      try {
        if (changed !== list) writeFileSync(listPath, changed);
        rmSync(entryPath, { force: true });
      } catch (cause) {
        throw toStorageError(cause);
      }
      return status();
    },
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // No list yet: nothing is registered.
    return '';
  }
}
