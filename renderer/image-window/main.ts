import { request } from '../lib/ipc-client.ts';
import { prepareImage } from './prepare-image.ts';

/** Prepares one picture after the other, for as long as main has some and lets this window be. */
async function work(): Promise<void> {
  for (;;) {
    const task = await request('imageWindow.next', {});
    await request('imageWindow.finish', { id: task.id, outcome: await prepareImage(task) });
  }
}

// Main closed the window or wants nothing more of it: there is nobody to tell.
work().catch(() => undefined);
