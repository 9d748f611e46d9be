import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { SignIn } from '../../components/sign-in.tsx';
import { openKeyWindow } from '../../lib/key-actions.ts';
import { infoQuery, useConnections } from '../../lib/queries.ts';
import { ConnectionRow } from './connection-row.tsx';
import { LocalServers } from './local-servers.tsx';

/** The connections and how their keys stand. */
export function KeysTab() {
  const connections = useConnections();
  const keystore = useQuery(infoQuery).data?.keystore;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">
        {keystore?.kind === 'available'
          ? `Keys rest encrypted, protected by ${keystore.name}. They are entered in a window of their own and never shown again.`
          : `Keys are kept for this session only. ${keystore?.reason ?? ''}`}
      </p>
      {connections.length > 0 && (
        <ul aria-label="Connections" className="flex flex-col gap-3">
          {connections.map((connection) => (
            <ConnectionRow key={connection.id} connection={connection} />
          ))}
        </ul>
      )}
      <SignIn buttonClass="button button-quiet">
        <button type="button" className="button" onClick={() => openKeyWindow(null)}>
          <Plus size={15} aria-hidden />
          Add API key
        </button>
      </SignIn>
      <LocalServers />
    </div>
  );
}
