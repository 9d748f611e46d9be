import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { app, safeStorage } from 'electron';
import { printProbeAnswer } from './probe-answer.ts';

/**
 * The child's side of the probe: asks safeStorage, which may block this process until a person has answered the keyring's
 * prompt, prints the answer and ends. It opens no window and takes no lock. `guardUrl` is the built `probe-guard.ts`.
 */
export async function answerKeystoreProbe(guardUrl: URL): Promise<void> {
  await app.whenReady();
  const guard = new Worker(guardUrl);
  // From here on this thread may hear nothing any more, so the guard has to be at its post.
  await new Promise((resolve) => guard.once('online', resolve));
  const isAvailable = safeStorage.isEncryptionAvailable();
  writeSync(1, printProbeAnswer({ backend: safeStorage.getSelectedStorageBackend(), isAvailable }));
  app.exit(0);
}
