import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { toWireError } from '../lib/ipc-client.ts';
import { loadNewChat } from '../lib/generation-store.ts';
import { connectionsQuery, infoQuery, queryClient, settingsQuery } from '../lib/queries.ts';
import { BlockedScreen } from './blocked-screen.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { listenToMain } from './listen-to-main.ts';
import { Shell } from './shell.tsx';

/** The chat window. */
export function App() {
  return (
    <ErrorBoundary>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queryClient}>
          <Start />
        </QueryClientProvider>
      </CSPProvider>
    </ErrorBoundary>
  );
}

function Start() {
  const info = useQuery(infoQuery);
  const settings = useQuery(settingsQuery);
  const connections = useQuery(connectionsQuery);
  useEffect(() => listenToMain(), []);
  useEffect(() => void loadNewChat(), []);
  useTextSize(settings.data?.textSizePx);

  const blocked = info.data?.blocked ?? null;
  if (blocked !== null) return <BlockedScreen error={blocked} folder={info.data?.profileFolder ?? null} />;
  const failure = info.error ?? settings.error ?? connections.error;
  if (failure !== null) {
    return <BlockedScreen error={toWireError(failure)} folder={info.data?.profileFolder ?? null} />;
  }
  if (info.data === undefined || settings.data === undefined || connections.data === undefined) return null;
  return <Shell info={info.data} settings={settings.data} hasConnections={connections.data.length > 0} />;
}

function useTextSize(sizePx: number | undefined): void {
  useEffect(() => {
    if (sizePx !== undefined) document.documentElement.style.setProperty('--text-size', `${sizePx}px`);
  }, [sizePx]);
}
