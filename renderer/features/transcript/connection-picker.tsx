import type { Connection } from '../../../electron/contract/model/connection.ts';
import { maskedKey } from '../../lib/describe-key.ts';
import { useConnections } from '../../lib/queries.ts';
import { chooseConnection, useSelection } from '../../lib/selection.ts';
import { useView } from '../../lib/view-store.ts';

interface Choice {
  readonly connectionId: string;
  readonly keyId: string | null;
  readonly name: string;
  /** The organisation does not let it be used. */
  readonly isRefused: boolean;
}

/** Which connection the next message goes through; a connection with several keys stands there once for each. */
export function ConnectionPicker() {
  const conversationId = useView((state) => state.conversationId);
  const connections = useConnections();
  const { connection, model } = useSelection();
  const choices = connections.flatMap(choicesOf);
  const chosen = choices.find(
    ({ connectionId, keyId }) =>
      connectionId === connection?.id && (keyId === null || keyId === connection.key?.id),
  );
  const choose = (value: string): void => {
    const choice = choices.find((each) => valueOf(each) === value);
    if (choice === undefined) return;
    const { connectionId, keyId } = choice;
    // Another key of the same connection answers with the same model.
    const isSame = connectionId === connection?.id && model !== '';
    chooseConnection(conversationId, { connectionId, keyId, model: isSame ? model : null });
  };
  return (
    <select
      className="picker max-w-[200px] min-w-12"
      aria-label="Connection"
      value={chosen === undefined ? '' : valueOf(chosen)}
      disabled={choices.length === 0}
      onChange={(event) => choose(event.target.value)}
    >
      {choices.length === 0 && <option value="">No connection</option>}
      {choices.map((choice) => (
        <option key={valueOf(choice)} value={valueOf(choice)} disabled={choice.isRefused}>
          {choice.name}
        </option>
      ))}
    </select>
  );
}

function choicesOf({ id, label, keys, policyRefusal }: Connection): readonly Choice[] {
  const isRefused = policyRefusal !== null;
  const note = isRefused ? ' (not allowed)' : '';
  if (keys.length < 2) return [{ connectionId: id, keyId: null, name: label + note, isRefused }];
  return keys.map((key) => {
    const isNameTaken = keys.filter((other) => other.label === key.label).length > 1;
    const name = `${label} · ${key.label}${isNameTaken ? ` ${maskedKey(key)}` : ''}${note}`;
    return { connectionId: id, keyId: key.id, name, isRefused };
  });
}

function valueOf({ connectionId, keyId }: Choice): string {
  return keyId === null ? connectionId : `${connectionId}/${keyId}`;
}
