import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { dialog, type BrowserWindow } from 'electron';
import { AppError } from '../../contract/app-error.ts';
import type { PickedFile } from '../../core/ports.ts';

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

/** Bounded by what is read, not by the size that was told: a file may have grown, or be none. */
async function readAtMost(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.min(size + 1, maxBytes));
      let length = 0;
      while (length < bytes.byteLength) {
        const { bytesRead } = await file.read(bytes, length, bytes.byteLength - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new AppError('attachment/unreadable', 'The file could not be read.', { cause });
  }
}
