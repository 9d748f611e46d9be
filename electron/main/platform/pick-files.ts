import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { dialog, type BrowserWindow } from 'electron';
import type { PickedFile } from '../../core/ports.ts';
import { readAtMost } from './read-at-most.ts';

/** Lets the person pick files of any kind. Paths stay here: core gets names, and bytes when it reads. */
export async function pickFiles(parent: BrowserWindow | null): Promise<readonly PickedFile[]> {
  const options = {
    title: 'Attach files',
    buttonLabel: 'Attach',
    properties: ['openFile' as const, 'multiSelections' as const],
  };
  const { canceled, filePaths } = await (parent === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(parent, options));
  return canceled ? [] : Promise.all(filePaths.map(describeFile));
}

async function describeFile(path: string): Promise<PickedFile> {
  return {
    name: basename(path),
    // What cannot even be looked at says so when it is read.
    byteCount: await stat(path).then(
      ({ size }) => size,
      () => 0,
    ),
    read: (maxBytes) => readAtMost(path, maxBytes),
  };
}
