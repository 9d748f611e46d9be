import type { ManagedConnection } from '../../contract/model/policy.ts';
import type { StoredConnection } from './connection-document.ts';

/**
 * Puts the connections of the policy first. Of what rests on disk under the id of one, only the key in use and its age
 * count: an edited file must not move a managed connection.
 */
export function adoptManaged(
  stored: readonly StoredConnection[],
  managed: readonly ManagedConnection[],
  now: number,
): StoredConnection[] {
  const adopted = managed.map((connection) => {
    const former = stored.find(({ id }) => id === connection.id);
    return adopt(connection, former?.keyId ?? null, former?.createdAt ?? now);
  });
  return [...adopted, ...stored.filter(({ id }) => !managed.some((connection) => connection.id === id))];
}

function adopt(connection: ManagedConnection, keyId: string | null, createdAt: number): StoredConnection {
  const { id, label, provider, baseUrl, dialect } = connection;
  return {
    id,
    label,
    provider,
    baseUrl,
    dialect,
    needsKey: provider !== 'local' || keyId !== null,
    defaultModel: connection.defaultModel ?? null,
    createdAt,
    keyId,
    organization: connection.organization ?? null,
    project: connection.project ?? null,
  };
}
