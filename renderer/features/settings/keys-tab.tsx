import { Plus } from 'lucide-react';
import type { KeystoreStatus } from '../../../electron/contract/model/connection.ts';
import { ManagedMark } from '../../components/managed-mark.tsx';
import { SignIn } from '../../components/sign-in.tsx';
import { TryAgain } from '../../components/try-again.tsx';
import { assertNever } from '../../lib/assert-never.ts';
import { describeLock } from '../../lib/describe-keystore.ts';
import { openKeyWindow } from '../../lib/key-actions.ts';
import { useConnections, useKeystore, usePolicy } from '../../lib/queries.ts';
import { ConnectionRow } from './connection-row.tsx';
import { LocalServers } from './local-servers.tsx';

/** The connections and how their keys stand. */
export function KeysTab() {
  const connections = useConnections();
  const keystore = useKeystore();
  const policy = usePolicy();
  const canAdd = policy?.allowsOwnConnections ?? true;
  const isRequired = policy?.requiresKeystore ?? false;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2">{keystore === undefined ? '' : describeRest(keystore, isRequired)}</p>
      <TryAgain className="button button-small self-start" />
      {connections.length > 0 && (
        <ul aria-label="Connections" className="flex flex-col gap-3">
          {connections.map((connection) => (
            <ConnectionRow key={connection.id} connection={connection} />
          ))}
        </ul>
      )}
      <SignIn buttonClass="button button-quiet">
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
      </SignIn>
      {canAdd ? (
        <LocalServers />
      ) : (
        <ManagedMark id="own-connections-managed">
          Only the connections it set up can be used. Keys are added to them above.
        </ManagedMark>
      )}
    </div>
  );
}

function describeRest(keystore: KeystoreStatus, isRequired: boolean): string {
  switch (keystore.kind) {
    case 'available':
      return `Keys rest encrypted, protected by ${keystore.name}. They are entered in a window of their own and never shown again.`;
    case 'checking':
      return `Keys rest encrypted. Waiting for ${keystore.name}, which protects them.`;
    case 'locked':
      return `Keys rest encrypted. ${describeLock(keystore)}. ${keystore.advice}`;
    case 'session-only':
      return isRequired
        ? `Your organisation allows a key only in a keystore, so none can be added now. ${keystore.reason}`
        : `Keys are kept for this session only. ${keystore.reason}`;
    default:
      return assertNever(keystore);
  }
}
