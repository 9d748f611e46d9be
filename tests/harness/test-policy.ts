import { parsePolicy } from '../../electron/core/policy/parse-policy.ts';
import { createPolicy, type Policy } from '../../electron/core/policy/policy.ts';

/** The id of the one connection that `managedConnection` sets up. */
export const MANAGED_ID = '6f1c1b1e-3d0b-4f57-9a35-2c7a1f0e9b11';

/** A connection as an organisation writes it. */
export function managedConnection(baseUrl: string, fields: object = {}): object {
  return { id: MANAGED_ID, label: 'Example Ltd', provider: 'compatible', baseUrl, ...fields };
}

/** A policy of these rules, parsed as a file would be. */
export function testPolicy(rules: object): Policy {
  return createPolicy('/etc/latchkey/policy.json', parsePolicy(JSON.stringify({ version: 1, ...rules })));
}
