import type { Connection } from '../../electron/contract/model/connection.ts';
import { request, toWireError } from './ipc-client.ts';
import { connectionsQuery, modelsQuery, putKeystore, queryClient, replaceConnection } from './queries.ts';
import { showToast, useView } from './view-store.ts';

/** A key of a connection. */
export interface KeyPlace {
  readonly connectionId: string;
  readonly keyId: string;
}

/** Opens the key window for a new connection (null), or for one more key of a connection. */
export function openKeyWindow(connectionId: string | null): void {
  // The window that opens speaks for itself; if it does not open, the button can be pressed again.
  request('keys.openWindow', { connectionId }).catch(() => undefined);
}

/** Opens the key window to replace the key in use of a connection, or to give it its first one. */
export function replaceKeyInUse(connectionId: string | null): void {
  const connections = queryClient.getQueryData(connectionsQuery.queryKey) ?? [];
  const keyId = connections.find(({ id }) => id === connectionId)?.key?.id ?? null;
  request('keys.openWindow', { connectionId, keyId }).catch(() => undefined);
}

/** Opens the key window to replace one key. */
export function replaceKey(place: KeyPlace): void {
  request('keys.openWindow', place).catch(() => undefined);
}

/** Asks the keystore again, which may show its unlock prompt. Main tells what became of the keys. */
export async function recheckKeystore(): Promise<void> {
  putKeystore(await request('keys.recheck', {}));
}

/** Asks the provider whether it takes a key (null: the one in use). Throws what main answered. */
export async function testKey(connectionId: string, keyId: string | null): Promise<number> {
  try {
    const { modelCount } = await request('keys.test', { connectionId, keyId });
    return modelCount;
  } finally {
    await queryClient.invalidateQueries({ queryKey: connectionsQuery.queryKey });
  }
}

/** Makes a key the one its connection uses. */
export async function activateKey(place: KeyPlace): Promise<void> {
  await reported(async () => {
    replaceConnection(await request('keys.use', place));
    await queryClient.invalidateQueries({ queryKey: modelsQuery(place.connectionId).queryKey });
  });
}

/** Changes a key's label, or the day from which it is not used any more. */
export async function changeKey(
  place: KeyPlace,
  change: { readonly label?: string; readonly expiresAt?: number | null },
): Promise<void> {
  await reported(async () => replaceConnection(await request('keys.change', { ...place, ...change })));
}

/** Takes a key off the disk at once and offers the way back for as long as there is one. */
export async function removeKey(place: KeyPlace): Promise<void> {
  await reported(async () => {
    const { connection, undoMs } = await request('keys.remove', place);
    replaceConnection(connection);
    showToast({ text: 'Key removed', undo: () => void restoreKey(place), durationMs: undoMs });
  });
}

/** Removes a connection together with its keys. */
export async function removeConnection(connectionId: string): Promise<void> {
  await request('connections.remove', { id: connectionId });
  await queryClient.invalidateQueries({ queryKey: connectionsQuery.queryKey });
}

/** Changes what a connection is called, where it points and what it sends along. Throws what main answered. */
export async function changeConnection(
  id: string,
  change: Partial<Pick<Connection, 'label' | 'baseUrl' | 'dialect' | 'organization' | 'project'>>,
): Promise<void> {
  replaceConnection(await request('connections.change', { id, ...change }));
}

async function restoreKey(place: KeyPlace): Promise<void> {
  await reported(async () => replaceConnection(await request('keys.restore', place)));
}

/** Runs an action; what goes wrong is shown above the composer. */
async function reported(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const { conversationId } = useView.getState();
    useView.setState({ actionError: { conversationId, error: toWireError(error), retry: null } });
  }
}
