import path from 'node:path';
import { pathToFileURL } from 'node:url';

const sources = {
  'history-worker': new URL('../../electron/core/history/history-worker.ts', import.meta.url),
  'transfer-worker': new URL('../../electron/core/transfer/transfer-worker.ts', import.meta.url),
} as const;

/** What a thread of core is started from: built where {@link buildWorkers} ran before, its source in a script run by itself. */
export function workerUrl(name: keyof typeof sources): URL {
  const folder = process.env['LATCHKEY_TEST_WORKERS'];
  return folder === undefined ? sources[name] : pathToFileURL(path.join(folder, `${name}.js`));
}
