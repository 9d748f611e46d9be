import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runTransfer } from './run-transfer.ts';

/** A thread that is in the middle of something and asks nobody. */
const BUSY = new URL(
  `data:text/javascript,${encodeURIComponent(
    `import { parentPort } from 'node:worker_threads';
   parentPort.postMessage({ kind: 'progress', progress: { phase: 'reading', unit: 'bytes', done: 0, total: 1 } });
   for (;;);`,
  )}`,
);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an import that was cancelled', () => {
  it('is ended from outside when it does not end by itself', async () => {
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const { ended, cancel } = runTransfer(
      { databaseFile: '', blobFolder: '', workerUrl: BUSY },
      { kind: 'import', sources: [], stageFile: '' },
      {
        onProgress: () => begin(),
        keep: () => Promise.reject(new Error('nothing is kept')),
        keepStoredPicture: () => Promise.resolve(null),
        keepPicture: () => Promise.resolve(null),
      },
    );
    await begun;
    cancel();
    cancel();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await ended).toBeNull();
  });
});
