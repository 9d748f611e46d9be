import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { KeystoreStatus } from '../../../electron/contract/model/connection.ts';
import { ManagedMark } from '../../components/managed-mark.tsx';
import { openKeyWindow } from '../../lib/key-actions.ts';
import { infoQuery, useConnections, usePolicy } from '../../lib/queries.ts';
import { ConnectionRow } from './connection-row.tsx';
import { LocalServers } from './local-servers.tsx';

/** The connections and how their keys stand. */
export function KeysTab() {
  const connections = useConnections();
  const keystore = useQuery(infoQuery).data?.keystore;
  const policy = usePolicy();
  const canAdd = policy?.allowsOwnConnections ?? true;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">{describeKeystore(keystore, policy?.requiresKeystore ?? false)}</p>
      {connections.length > 0 && (
        <ul aria-label="Connections" className="flex flex-col gap-3">
          {connections.map((connection) => (
            <ConnectionRow key={connection.id} connection={connection} />
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-start gap-2">
        <button
          type="button"
          className="button"
          disabled={!canAdd}
          aria-describedby={canAdd ? undefined : 'own-connections-managed'}
          onClick={() => openKeyWindow(null)}
        >
          <Plus size={15} aria-hidden />
          Add API key
        </button>
        {canAdd && <LocalServers />}
      </div>
      {!canAdd && (
        <ManagedMark id="own-connections-managed">
          Only the connections it set up can be used. Keys are added to them above.
        </ManagedMark>
      )}
    </div>
  );
}

function describeKeystore(keystore: KeystoreStatus | undefined, isRequired: boolean): string {
  if (keystore?.kind === 'available') {
    return `Keys rest encrypted, protected by ${keystore.name}. They are entered in a window of their own and never shown again.`;
  }
  const reason = keystore?.reason ?? '';
  return isRequired
    ? `Your organisation allows a key only in a keystore, so none can be added now. ${reason}`
    : `Keys are kept for this session only. ${reason}`;
}
