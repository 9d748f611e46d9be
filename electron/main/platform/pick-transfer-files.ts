import { join } from 'node:path';
import { app, dialog, type BrowserWindow } from 'electron';
import type { Desktop } from '../../core/ports.ts';

type Target = Parameters<Desktop['pickExportTarget']>[0];

const KINDS: Readonly<Record<Target['kind'], { readonly title: string; readonly extension: string | null }>> =
  {
    json: { title: 'Export conversations', extension: 'json' },
    markdown: { title: 'Export as Markdown', extension: 'md' },
    folder: { title: 'Export all as Markdown, into a new folder', extension: null },
  };

/** Lets the person pick what to import. */
export async function pickImportFiles(parent: BrowserWindow | null): Promise<readonly string[] | null> {
  const options = {
    title: 'Import conversations',
    buttonLabel: 'Import',
    properties: ['openFile' as const, 'multiSelections' as const],
    filters: [
      { name: 'Conversations', extensions: ['json', 'zip'] },
      { name: 'All files', extensions: ['*'] },
    ],
  };
  const { canceled, filePaths } = await (parent === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(parent, options));
  return canceled || filePaths.length === 0 ? null : filePaths;
}

/** Lets the person choose where an export goes. */
export async function pickExportTarget(
  parent: BrowserWindow | null,
  { kind, defaultName }: Target,
): Promise<string | null> {
  const { title, extension } = KINDS[kind];
  const options = {
    title,
    buttonLabel: 'Export',
    defaultPath: join(app.getPath('documents'), defaultName),
    filters: extension === null ? [] : [{ name: title, extensions: [extension] }],
  };
  const { canceled, filePath } = await (parent === null
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(parent, options));
  return canceled || filePath === '' ? null : filePath;
}
