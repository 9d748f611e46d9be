import { net, powerMonitor } from 'electron';
import type { HostSignals } from '../../core/ports.ts';

/** Electron has no event for a network that came back, so it is asked for while somebody waits for one. */
const ONLINE_POLL_MS = 1_000;

type Listener = Parameters<HostSignals['subscribe']>[0];

/** Builds the signals over Electron. Costs nothing while nobody listens. */
export function createHostSignals(): HostSignals {
  return {
    isOnline: () => net.isOnline(),
    subscribe(listener) {
      const stopPolling = pollForNetwork(listener);
      const onResume = (): void => listener('resumed');
      powerMonitor.on('resume', onResume);
      return () => {
        stopPolling();
        powerMonitor.off('resume', onResume);
      };
    },
  };
}

function pollForNetwork(listener: Listener): () => void {
  let wasOnline = net.isOnline();
  const timer = setInterval(() => {
    const isOnline = net.isOnline();
    if (isOnline && !wasOnline) listener('online');
    wasOnline = isOnline;
  }, ONLINE_POLL_MS);
  return () => clearInterval(timer);
}
