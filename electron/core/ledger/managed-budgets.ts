import type { Budget } from '../../contract/model/ledger.ts';
import type { PolicyBudget } from '../../contract/model/policy.ts';
import { combineBudgets, NO_BUDGET } from './budget.ts';
import type { ManagedBudgets } from './ledger-service.ts';

/** A policy's limits as the ledger holds them: those of the connection, and those of all connections together. */
export function managedBudgets(budgets: readonly PolicyBudget[]): ManagedBudgets {
  const tightest = (some: readonly PolicyBudget[]): Budget =>
    some.map(toBudget).reduce(combineBudgets, NO_BUDGET);
  return {
    ofConnection: tightest(budgets.filter(({ connection }) => connection !== undefined)),
    overall: tightest(budgets.filter(({ connection }) => connection === undefined)),
  };
}

function toBudget({ dayMicroUsd, monthMicroUsd }: PolicyBudget): Budget {
  return { dayMicroUsd: dayMicroUsd ?? null, monthMicroUsd: monthMicroUsd ?? null };
}
