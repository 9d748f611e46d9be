import { open } from 'node:fs/promises';
import { dialog, type BrowserWindow } from 'electron';
import { MAX_CERTIFICATE_BYTES } from '../../core/network/parse-certificates.ts';
import { toStorageError } from './inspect-document.ts';

/** Lets the person pick a certificate file. Reads one byte more than a certificate can have, so that too large a file is seen to be. */
export async function pickCertificateFile(parent: BrowserWindow | null): Promise<Uint8Array | null> {
  const options = {
    title: 'Add a certificate authority',
    buttonLabel: 'Add',
    properties: ['openFile' as const],
    filters: [
      { name: 'Certificates', extensions: ['pem', 'crt', 'cer', 'der'] },
      { name: 'All files', extensions: ['*'] },
    ],
  };
  const { canceled, filePaths } = await (parent === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(parent, options));
  const path = filePaths[0];
  return canceled || path === undefined ? null : readAtMost(path, MAX_CERTIFICATE_BYTES + 1);
}

async function readAtMost(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(maxBytes), 0, maxBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw toStorageError(cause);
  }
}
