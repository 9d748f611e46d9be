import path from 'node:path';
import { build } from 'vite';

const repository = path.resolve(import.meta.dirname, '../..');
/** Beside the other results of a run. */
export const WORKER_FOLDER = path.join(repository, 'out', 'test', 'workers');

/**
 * Builds the threads of core once before the tests, as the app has them. Loaded from TypeScript each thread would start the
 * WebAssembly that Node strips types with, which takes longer than many a test, and V8 24 now and then aborts the whole process
 * when many threads do so ("Check failed: jit_page.has_value()").
 */
export default async function buildWorkers(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: repository,
    build: {
      ssr: true,
      target: 'node22',
      outDir: WORKER_FOLDER,
      emptyOutDir: true,
      rolldownOptions: {
        input: {
          'history-worker': path.join(repository, 'electron/core/history/history-worker.ts'),
          'transfer-worker': path.join(repository, 'electron/core/transfer/transfer-worker.ts'),
        },
      },
    },
  });
  // Inherited by the processes that run the tests.
  process.env['LATCHKEY_TEST_WORKERS'] = WORKER_FOLDER;
}
