import { chooseConnection, useSelection } from '../../lib/selection.ts';
import { useConnections } from '../../lib/queries.ts';
import { useView } from '../../lib/view-store.ts';

/** Which connection the next message goes through. */
export function ConnectionPicker() {
  const conversationId = useView((state) => state.conversationId);
  const connections = useConnections();
  const { connection } = useSelection();
  return (
    <select
      className="picker max-w-[180px] min-w-[64px]"
      aria-label="Connection"
      value={connection?.id ?? ''}
      disabled={connections.length === 0}
      onChange={(event) => chooseConnection(conversationId, event.target.value)}
    >
      {connections.length === 0 && <option value="">No connection</option>}
      {connections.map((each) => (
        <option key={each.id} value={each.id}>
          {each.label}
        </option>
      ))}
    </select>
  );
}
