import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, clipboard, dialog, nativeTheme, shell, type BrowserWindow } from 'electron';
import { AppError } from '../../contract/app-error.ts';
import { safeFileName } from '../../core/attachments/safe-file-name.ts';
import type { Desktop } from '../../core/ports.ts';
import { parseLaunchArguments } from '../parse-launch-arguments.ts';
import { toStorageError } from './inspect-document.ts';
import { pickCertificateFile } from './pick-certificate-file.ts';
import { pickExportTarget, pickImportFiles } from './pick-transfer-files.ts';
import { pickFiles } from './pick-files.ts';
import type { ProtocolRegistration } from './protocol-registration.ts';

/** What the desktop needs. */
export interface ElectronDesktopOptions {
  /** The window questions belong to. */
  readonly window: () => BrowserWindow | null;
  /** The only origin that is opened without a question: where a person signs in. */
  readonly signInOrigin: string;
  readonly protocol: ProtocolRegistration;
  /** Variables that were taken out of the environment, which a next start needs again. */
  readonly environmentForRestart: Readonly<Record<string, string>>;
}

type Link = Parameters<Desktop['confirmAndOpen']>[0];

/** The only schemes that may leave the app. Checked here once more, at the door itself. */
const OPENABLE = /^(?:https:\/\/|mailto:)/i;

/** Builds the desktop over Electron. */
export function createElectronDesktop({
  window,
  signInOrigin,
  protocol,
  environmentForRestart,
}: ElectronDesktopOptions): Desktop {
  return {
    async confirmAndOpen(link) {
      if (!OPENABLE.test(link.target))
        throw new AppError('link/blocked', 'Only https and mailto links can be opened.');
      if (!(await isConfirmed(link, window()))) return 'declined';
      await shell.openExternal(link.target);
      return 'opened';
    },
    async openInBrowser(url) {
      if (!URL.canParse(url) || new URL(url).origin !== signInOrigin)
        throw new AppError('link/blocked', 'Only the sign-in page is opened without a question.');
      try {
        await shell.openExternal(url);
      } catch (cause) {
        throw new AppError('sign-in/no-browser', 'No browser could be opened.', { cause });
      }
    },
    async openFolder(path) {
      const problem = await shell.openPath(path);
      if (problem !== '')
        throw new AppError('storage/failed', 'The folder could not be opened.', { details: { path } });
    },
    restart() {
      // The new process inherits what stands here when this one ends.
      Object.assign(process.env, environmentForRestart);
      app.relaunch({ args: argumentsForRestart(process.argv.slice(1)) });
      app.quit();
    },
    async saveTextFile({ text, ...file }) {
      return saveFile({ ...file, content: text }, window());
    },
    pickImportFiles: () => pickImportFiles(window()),
    pickExportTarget: (target) => pickExportTarget(window(), target),
    saveFile: ({ bytes, ...file }) => saveFile({ ...file, content: bytes }, window()),
    pickFiles: () => pickFiles(window()),
    applyTheme(theme) {
      nativeTheme.themeSource = theme;
    },
    pickCertificateFile: () => pickCertificateFile(window()),
    // A string up to Electron 44, a promise from 45 on: awaiting takes both.
    readClipboardText: async () => await clipboard.readText(),
    async clearClipboardIf(text) {
      if ((await clipboard.readText()) === text) clipboard.clear();
    },
    protocolStatus: () => protocol.status(),
    registerProtocol: () => protocol.register(),
    unregisterProtocol: () => protocol.unregister(),
  };
}

async function saveFile(
  file: { readonly title: string; readonly defaultName: string; readonly content: string | Uint8Array },
  parent: BrowserWindow | null,
): Promise<'saved' | 'cancelled'> {
  const options = {
    title: file.title,
    defaultPath: join(app.getPath('documents'), safeFileName(file.defaultName)),
  };
  const { canceled, filePath } = await (parent === null
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(parent, options));
  if (canceled || filePath === '') return 'cancelled';
  try {
    await writeFile(filePath, file.content, { mode: 0o600 });
  } catch (cause) {
    throw toStorageError(cause);
  }
  return 'saved';
}

/** A link this run was started with has been seen; starting again must not bring it back. */
function argumentsForRestart(argv: readonly string[]): string[] {
  const { link } = parseLaunchArguments(argv);
  return link === null ? [...argv] : argv.slice(0, argv.indexOf(link));
}

async function isConfirmed(link: Link, parent: BrowserWindow | null): Promise<boolean> {
  const options = {
    type: link.isMisleading ? ('warning' as const) : ('question' as const),
    title: 'Open link?',
    message: link.isMisleading
      ? 'This link does not go where its text says'
      : 'Open this link outside Latchkey?',
    detail: link.isMisleading
      ? `It says: ${onOneLine(link.text)}\n\nIt goes to: ${link.target}`
      : link.target,
    buttons: ['Open', 'Cancel'],
    defaultId: link.isMisleading ? 1 : 0,
    cancelId: 1,
    noLink: true,
  };
  const { response } = await (parent === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(parent, options));
  return response === 0;
}

/** The text comes from a model: without line breaks and invisible characters it cannot imitate the lines around it. */
function onOneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
}
