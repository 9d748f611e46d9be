import { ipcMain } from 'electron';
import type { Result } from '../../contract/app-error.ts';
import { REQUEST_CHANNEL } from '../../contract/bridge.ts';
import type { Router } from '../../core/ipc/router.ts';
import type { WindowRegistry } from '../windows/window-registry.ts';
import { identifyCaller } from './identify-caller.ts';
import { isWithinPayloadCap } from './is-within-payload-cap.ts';

/** The only place a window can talk to: one channel, the sender first, then the size, then the router. */
export function serveRequests(router: Router, windows: WindowRegistry, devServerOrigin: string | null): void {
  ipcMain.handle(REQUEST_CHANNEL, async (event, route: unknown, input: unknown) => {
    const caller = identifyCaller(event, windows, devServerOrigin);
    if (caller === null) return refuse('ipc/forbidden', 'This page may not talk to Latchkey.');
    if (typeof route !== 'string' || route.length > 100)
      return refuse('ipc/unknown-route', 'There is no such route.');
    if (!isWithinPayloadCap(input))
      return refuse('ipc/invalid-input', 'The request is too large or not plain data.');
    return router.dispatch(caller, route, input);
  });
  // electron-store opens a synchronous channel of its own that tells any page where the profile is. Nobody needs it.
  ipcMain.removeAllListeners('electron-store-get-data');
}

function refuse(
  code: 'ipc/forbidden' | 'ipc/unknown-route' | 'ipc/invalid-input',
  message: string,
): Result<never> {
  return { ok: false, error: { code, message, details: {} } };
}
