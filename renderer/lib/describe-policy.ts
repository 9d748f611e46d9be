import type { PolicyBudget, PolicyRules } from '../../electron/contract/model/policy.ts';
import { hostOf } from './format.ts';

/** So many names are read out; the rest is a number. */
const MAX_NAMED = 6;

/** What a policy does, one sentence for each thing, in the order in which a person would ask. */
export function describePolicy(rules: PolicyRules): readonly string[] {
  return [
    describeConnections(rules),
    ...(rules.origins === undefined ? [] : [describeOrigins(rules)]),
    ...describeModels(rules.models),
    ...rules.budgets.map((budget) => describeBudget(budget, rules)),
    ...(rules.requiresKeystore ? ['A key is taken only where your system can keep it encrypted.'] : []),
    ...(rules.allowsDeepLinks ? [] : ['Links from other programs are turned off.']),
    ...(rules.allowsExport ? [] : ['Conversations cannot be exported.']),
  ];
}

function describeConnections({ connections, allowsOwnConnections }: PolicyRules): string {
  const names = list(connections.map(({ label }) => label));
  if (connections.length === 0)
    return allowsOwnConnections ? 'You add your own connections.' : 'No connection can be added.';
  const setUp = `${names} ${connections.length === 1 ? 'is' : 'are'} set up for you`;
  return allowsOwnConnections
    ? `${setUp}; you can add connections of your own.`
    : `${setUp}; no other connection can be used.`;
}

function describeOrigins({ origins = [], connections }: PolicyRules): string {
  const hosts = origins.map(hostOf);
  if (connections.length === 0)
    return hosts.length === 0 ? 'No address may be contacted.' : `Only ${list(hosts)} may be contacted.`;
  return hosts.length === 0
    ? 'Only the addresses of these connections may be contacted.'
    : `Only the addresses of these connections and ${list(hosts)} may be contacted.`;
}

function describeModels(models: PolicyRules['models']): readonly string[] {
  if (models === undefined) return [];
  if (models.length === 0) return ['No model may be asked.'];
  return models.map(({ origin, names }) => {
    const where = origin === undefined ? '' : ` at ${hostOf(origin)}`;
    if (names.includes('*')) return `Any model may be asked${where}.`;
    return `Models that may be asked${where}: ${list(names.map(describeName))}.`;
  });
}

function describeName(name: string): string {
  return name.endsWith('*') ? `any ${name.slice(0, -1)}…` : name;
}

function describeBudget(
  { connection, monthMicroUsd, dayMicroUsd }: PolicyBudget,
  rules: PolicyRules,
): string {
  const label = rules.connections.find(({ id }) => id === connection)?.label;
  const limits = [
    ...(monthMicroUsd === undefined ? [] : [`${formatUsd(monthMicroUsd)} a month`]),
    ...(dayMicroUsd === undefined ? [] : [`${formatUsd(dayMicroUsd)} a day`]),
  ];
  return `Limit ${label === undefined ? 'for all connections together' : `of ${label}`}: ${limits.join(' and ')}.`;
}

function formatUsd(microUsd: number): string {
  return (microUsd / 1_000_000).toLocaleString('en', {
    style: 'currency',
    currency: 'USD',
    maximumFractionDigits: 6,
  });
}

function list(names: readonly string[]): string {
  const named = names.length > MAX_NAMED ? names.slice(0, MAX_NAMED - 1) : names;
  const rest = names.length - named.length;
  const parts = rest > 0 ? [...named, `${rest} more`] : named;
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(parts);
}
