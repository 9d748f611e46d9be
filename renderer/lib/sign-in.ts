import { queryOptions, useQuery } from '@tanstack/react-query';
import type { SignInStatus } from '../../electron/contract/model/sign-in.ts';
import { request, toWireError } from './ipc-client.ts';
import { infoQuery, queryClient } from './queries.ts';
import { showToast } from './view-store.ts';

/** How a sign-in stands. Main tells every change. */
export const signInQuery = queryOptions({
  queryKey: ['signIn'],
  queryFn: () => request('signIn.status', {}),
});

/** How a sign-in stands now. */
export function useSignIn(): SignInStatus {
  return useQuery(signInQuery).data ?? { state: 'idle', error: null, expiresAt: null };
}

/** Opens the browser. What comes of it is told by main. */
export function startSignIn(): void {
  settle(request('signIn.start', { provider: 'openrouter' }));
}

/** Ends a sign-in, or puts away why the last one failed. */
export function cancelSignIn(): void {
  settle(request('signIn.cancel', {}));
}

/** Takes in what main tells. A sign-in that is done says where its key went. */
export function showSignIn(status: SignInStatus): void {
  queryClient.setQueryData(signInQuery.queryKey, status);
  if (status.state !== 'done') return;
  const keystore = queryClient.getQueryData(infoQuery.queryKey)?.keystore;
  const where = keystore?.kind === 'available' ? `is in ${keystore.name}` : 'is kept until you quit';
  showToast({ text: `Signed in with OpenRouter. The key ${where}.`, undo: null, durationMs: 6_000 });
}

function settle(asked: Promise<SignInStatus>): void {
  asked.catch((error: unknown) =>
    showSignIn({ state: 'failed', error: toWireError(error), expiresAt: null }),
  );
}
