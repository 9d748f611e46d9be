import type { Connection } from '../../contract/model/connection.ts';
import type {
  ManagedConnection,
  PolicyBudget,
  PolicyInForce,
  PolicyRules,
} from '../../contract/model/policy.ts';
import { parseBaseUrl } from '../connections/parse-base-url.ts';

/** What an organisation allows. Pure questions; whoever does a thing asks first and throws a `refusal`. */
export interface Policy {
  /** The file in force, for the window; null when there is none. */
  readonly inForce: PolicyInForce | null;
  /** Connections that are there for everybody, in the organisation's order. */
  readonly connections: readonly ManagedConnection[];
  readonly allowsOwnConnections: boolean;
  readonly allowsDeepLinks: boolean;
  readonly allowsExport: boolean;
  /** Whether a key that the keystore cannot keep is refused. */
  readonly requiresKeystore: boolean;
  isManaged(connectionId: string): boolean;
  /** `origin` as the URL parser writes it; any other spelling is refused. */
  allowsOrigin(origin: string): boolean;
  /** Case and every character count. */
  allowsModel(origin: string, model: string): boolean;
  /** Why a connection may not be used, or null. */
  refusalOf(connection: Pick<Connection, 'id' | 'origin'>): Connection['policyRefusal'];
  /**
   * Every limit that a request over this connection counts towards: its own, and those for all connections together. Each
   * holds by itself, so the tightest stops first; 0 stops everything. Nobody can raise or skip one.
   */
  budgetsFor(connectionId: string): readonly PolicyBudget[];
}

/** Where there is no policy. */
export const OPEN_POLICY: Policy = {
  inForce: null,
  connections: [],
  allowsOwnConnections: true,
  allowsDeepLinks: true,
  allowsExport: true,
  requiresKeystore: false,
  isManaged: () => false,
  allowsOrigin: () => true,
  allowsModel: () => true,
  refusalOf: () => null,
  budgetsFor: () => [],
};

/** Where there is one that cannot be used: allows nothing. */
export const CLOSED_POLICY: Policy = {
  inForce: null,
  connections: [],
  allowsOwnConnections: false,
  allowsDeepLinks: false,
  allowsExport: false,
  requiresKeystore: true,
  isManaged: () => false,
  allowsOrigin: () => false,
  allowsModel: () => false,
  refusalOf: () => 'policy/own-connections',
  budgetsFor: () => [{ monthMicroUsd: 0, dayMicroUsd: 0 }],
};

/** Makes the policy of rules that `parsePolicy` accepted. */
export function createPolicy(path: string, rules: PolicyRules): Policy {
  const { connections, allowsOwnConnections, allowsDeepLinks, allowsExport, requiresKeystore } = rules;
  const managedIds = new Set(connections.map(({ id }) => id));
  const managedOrigins = connections.map(({ baseUrl }) => parseBaseUrl(baseUrl).origin);
  const origins = rules.origins === undefined ? null : new Set([...rules.origins, ...managedOrigins]);
  const isManaged = (id: string): boolean => managedIds.has(id);
  const allowsOrigin = (origin: string): boolean => origins === null || origins.has(origin);
  return {
    inForce: { path, rules },
    connections,
    allowsOwnConnections,
    allowsDeepLinks,
    allowsExport,
    requiresKeystore,
    isManaged,
    allowsOrigin,
    allowsModel: (origin, model) => rules.models === undefined || matchesRule(rules.models, origin, model),
    refusalOf({ id, origin }) {
      if (isManaged(id)) return null;
      if (!allowsOwnConnections) return 'policy/own-connections';
      return allowsOrigin(origin) ? null : 'policy/origin';
    },
    budgetsFor: (id) =>
      rules.budgets.filter(({ connection }) => connection === undefined || connection === id),
  };
}

function matchesRule(rules: NonNullable<PolicyRules['models']>, origin: string, model: string): boolean {
  // Behind an allowed beginning nothing invisible and no look-alike may hide what is asked for.
  if (!/^[\x21-\x7e]+$/.test(model)) return false;
  return rules.some(
    (rule) =>
      (rule.origin === undefined || rule.origin === origin) &&
      rule.names.some((name) => matchesName(name, model)),
  );
}

function matchesName(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}
