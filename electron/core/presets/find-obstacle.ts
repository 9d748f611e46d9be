import type { Connection } from '../../contract/model/connection.ts';
import type { Preset, PresetObstacle } from '../../contract/model/preset.ts';
import type { Policy } from '../policy/policy.ts';

/** What keeps a preset's connection or model from coming into force, or null. */
export function findObstacle(
  { connectionId, model }: Pick<Preset, 'connectionId' | 'model'>,
  connections: readonly Connection[],
  policy: Policy,
): PresetObstacle | null {
  const named = connections.find(({ id }) => id === connectionId);
  if (connectionId !== null && named === undefined) return 'connection-removed';
  if (named !== undefined && named.policyRefusal !== null) return 'connection-refused';
  if (model === null) return null;
  // Without a connection of its own it may still be allowed at one of them; main asks again with every message.
  const candidates =
    named === undefined ? connections.filter(({ policyRefusal }) => policyRefusal === null) : [named];
  const isAllowed =
    candidates.length === 0 || candidates.some(({ origin }) => policy.allowsModel(origin, model));
  return isAllowed ? null : 'model-refused';
}
