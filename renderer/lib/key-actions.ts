import { request } from './ipc-client.ts';
import { connectionsQuery, putKeystore, queryClient, replaceConnection } from './queries.ts';

/** Opens the key window, for a new connection or to replace the key of one. */
export function openKeyWindow(connectionId: string | null): void {
  // The window that opens speaks for itself; if it does not open, the button can be pressed again.
  request('keys.openWindow', { connectionId }).catch(() => undefined);
}

/** Asks the keystore again, which may show its unlock prompt. Main tells what became of the keys. */
export async function recheckKeystore(): Promise<void> {
  putKeystore(await request('keys.recheck', {}));
}

/** Asks the provider whether it takes the key. Throws what main answered. */
export async function testKey(connectionId: string): Promise<number> {
  try {
    const { modelCount } = await request('keys.test', { id: connectionId });
    return modelCount;
  } finally {
    await queryClient.invalidateQueries({ queryKey: connectionsQuery.queryKey });
  }
}

/** Takes a key out of memory and off the disk; its connection stays. */
export async function removeKey(connectionId: string): Promise<void> {
  replaceConnection(await request('keys.remove', { id: connectionId }));
}

/** Removes a connection together with its key. */
export async function removeConnection(connectionId: string): Promise<void> {
  await request('connections.remove', { id: connectionId });
  await queryClient.invalidateQueries({ queryKey: connectionsQuery.queryKey });
}
