import type { z } from 'zod';
import { AppError } from '../../contract/app-error.ts';
import {
  MAX_POLICY_BYTES,
  policyRulesSchema,
  type ManagedConnection,
  type PolicyRules,
} from '../../contract/model/policy.ts';
import { parseBaseUrl } from '../connections/parse-base-url.ts';
import { CERTIFICATES_OWNER_ID, PROXY_OWNER_ID } from '../network/sealed-value.ts';
import { findDuplicateName } from './find-duplicate-name.ts';
import { createPolicy } from './policy.ts';

/** So many problems are told at once; the rest shows once these are mended. */
const MAX_PROBLEMS = 5;
const MAX_MESSAGE_LENGTH = 800;

/**
 * Parses the text of a policy file. Strict: an unknown field, a name that stands twice or a contradiction makes all of it
 * invalid. Throws `policy/invalid`, whose message says where and what.
 */
export function parsePolicy(text: string): PolicyRules {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) throw invalid(['It is too large']);
  const value = parseJson(text);
  const duplicate = findDuplicateName(text);
  if (duplicate !== null) throw invalid([`The name ${quote(duplicate)} stands twice in one object`]);
  const parsed = policyRulesSchema.safeParse(value);
  if (!parsed.success) throw invalid(parsed.error.issues.map(describeIssue));
  const problems = findContradictions(parsed.data);
  if (problems.length > 0) throw invalid(problems);
  return { ...parsed.data, connections: parsed.data.connections.map(withCanonicalUrl) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('policy/invalid', 'It is not valid JSON.', { cause });
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.reduce<string>(
    (path, part) =>
      typeof part === 'number' ? `${path}[${part}]` : `${path}${path === '' ? '' : '.'}${String(part)}`,
    '',
  );
  const what =
    issue.code === 'unrecognized_keys'
      ? `unknown field ${issue.keys.map(quote).join(', ')}`
      : issue.message.replace(/^Invalid input: /, '').replace(/, received undefined$/, ' (it is missing)');
  return where === '' ? what : `${where}: ${what}`;
}

/** What no schema can say. */
function findContradictions(rules: PolicyRules): string[] {
  const ids = rules.connections.map(({ id }) => id);
  const budgeted = rules.budgets.map(({ connection }) => connection ?? 'all connections');
  return [
    ...repeated(ids).map((id) => `connections: the id ${id} stands twice`),
    // In the vault these are the owners of what is no key.
    ...ids
      .filter((id) => id === PROXY_OWNER_ID || id === CERTIFICATES_OWNER_ID)
      .map((id) => `connections: Latchkey needs the id ${id} itself`),
    ...rules.connections.flatMap((connection, index) =>
      findUrlProblems(connection).map((problem) => `connections[${index}].baseUrl: ${problem}`),
    ),
    ...(rules.origins ?? []).flatMap((origin, index) => findOriginProblems(origin, `origins[${index}]`)),
    ...(rules.models ?? []).flatMap(({ origin }, index) =>
      origin === undefined ? [] : findOriginProblems(origin, `models[${index}].origin`),
    ),
    ...repeated(budgeted).map((name) => `budgets: there are two for ${name}`),
    ...rules.budgets.flatMap((budget, index) => {
      if (budget.connection !== undefined && !ids.includes(budget.connection))
        return [`budgets[${index}].connection: no connection of this policy has this id`];
      const isEmpty = budget.monthMicroUsd === undefined && budget.dayMicroUsd === undefined;
      return isEmpty ? [`budgets[${index}]: names neither monthMicroUsd nor dayMicroUsd`] : [];
    }),
    ...findRefusedDefaults(rules),
  ];
}

function findUrlProblems({ baseUrl, provider }: ManagedConnection): string[] {
  const url = tryBaseUrl(baseUrl);
  if (typeof url === 'string') return [url];
  return provider === 'local' && !url.isLoopback ? ['a "local" server has to be on this computer'] : [];
}

/** One spelling only: what is compared later is the URL parser's. */
function findOriginProblems(origin: string, where: string): string[] {
  const url = tryBaseUrl(origin);
  if (typeof url === 'string') return [`${where}: ${url}`];
  return url.origin === origin ? [] : [`${where}: has to be written ${url.origin}`];
}

/** Everybody's first message would be refused. */
function findRefusedDefaults(rules: PolicyRules): string[] {
  const readable = rules.connections.filter(({ baseUrl }) => typeof tryBaseUrl(baseUrl) !== 'string');
  const policy = createPolicy('', { ...rules, connections: readable });
  return rules.connections.flatMap(({ baseUrl, defaultModel }, index) => {
    const url = tryBaseUrl(baseUrl);
    if (typeof url === 'string' || defaultModel === undefined || policy.allowsModel(url.origin, defaultModel))
      return [];
    return [`connections[${index}].defaultModel: "models" does not allow it`];
  });
}

/** What is wrong with it, where it cannot be used. */
function tryBaseUrl(raw: string): ReturnType<typeof parseBaseUrl> | string {
  try {
    return parseBaseUrl(raw);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

function withCanonicalUrl(connection: ManagedConnection): ManagedConnection {
  return { ...connection, baseUrl: parseBaseUrl(connection.baseUrl).baseUrl };
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

function invalid(problems: readonly string[]): AppError {
  const told = problems.slice(0, MAX_PROBLEMS).join('; ');
  return new AppError('policy/invalid', `${told.slice(0, MAX_MESSAGE_LENGTH)}.`);
}
