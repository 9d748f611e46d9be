import { app } from 'electron';

/** Long enough to save a reply, short enough not to be taken for a hang. */
const STOP_LIMIT_MS = 3_000;

/** Holds the first quit back until `stop` is done or its time is over. */
export function stopBeforeQuit(stop: () => Promise<void>): void {
  let hasStopped = false;
  let isStopping = false;
  app.on('before-quit', (event) => {
    if (hasStopped) return;
    event.preventDefault();
    if (isStopping) return;
    isStopping = true;
    const limit = new Promise<void>((resolve) => setTimeout(resolve, STOP_LIMIT_MS));
    // A stop that fails must not keep the app open.
    void Promise.race([stop().catch(() => undefined), limit]).then(() => {
      hasStopped = true;
      app.quit();
    });
  });
}
