import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import type { Connection } from '../../../electron/contract/model/connection.ts';
import type { BudgetStatus } from '../../../electron/contract/model/ledger.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { request, toWireError } from '../../lib/ipc-client.ts';
import {
  dollarsToType,
  formatCost,
  formatLimit,
  formatSum,
  parseDollars,
  shareOf,
  toneOf,
} from '../../lib/money.ts';
import { budgetsQuery, useConnections } from '../../lib/queries.ts';

const barTone = { plain: 'fill-accent', warn: 'fill-warn', danger: 'fill-danger' } as const;

/** How much every connection may cost. */
export function Budgets() {
  const connections = useConnections();
  const budgets = useQuery(budgetsQuery);
  if (connections.length === 0) return <p className="text-ink-3">There is no connection yet.</p>;
  return (
    <>
      <p className="text-ink-2">
        At the limit nothing more is sent, from whatever way it is asked; one answer may still go beyond it.
        You are warned at 80 %.
      </p>
      {budgets.error !== null && (
        <ErrorCard
          error={toWireError(budgets.error)}
          connectionId={null}
          onRetry={() => void budgets.refetch()}
        />
      )}
      <ul aria-label="Budgets" className="flex flex-col gap-3">
        {budgets.data?.map((status) => {
          const connection = connections.find(({ id }) => id === status.connectionId);
          // The key is what was saved: the fields begin anew with it.
          const key = `${status.connectionId} ${JSON.stringify(status.budget)}`;
          return connection === undefined ? null : (
            <BudgetRow key={key} connection={connection} status={status} />
          );
        })}
      </ul>
    </>
  );
}

interface BudgetRowProps {
  readonly connection: Connection;
  readonly status: BudgetStatus;
}

function BudgetRow({ connection, status }: BudgetRowProps) {
  const { budget, limit, today, month } = status;
  const [day, setDay] = useState(dollarsToType(budget.dayMicroUsd));
  const [monthly, setMonthly] = useState(dollarsToType(budget.monthMicroUsd));
  const [dayMicroUsd, monthMicroUsd] = [parseDollars(day), parseDollars(monthly)];
  const isChanged = dayMicroUsd !== budget.dayMicroUsd || monthMicroUsd !== budget.monthMicroUsd;
  const save = useMutation({
    mutationFn: async () => {
      if (dayMicroUsd === undefined || monthMicroUsd === undefined) return;
      await request('ledger.setBudget', {
        connectionId: connection.id,
        budget: { dayMicroUsd, monthMicroUsd },
      });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const isReadable = dayMicroUsd !== undefined && monthMicroUsd !== undefined;
  return (
    <li aria-label={connection.label} className="rounded-[10px] border border-line bg-canvas px-4 py-3">
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate font-semibold">{connection.label}</span>
        <span className="shrink-0 text-[12px] text-ink-2 tabular-nums">
          {formatSum(month)}
          {limit.monthMicroUsd !== null && ` of ${formatLimit(limit.monthMicroUsd)}`} this month
          {limit.dayMicroUsd !== null &&
            `, ${formatCost(today.costMicroUsd)} of ${formatLimit(limit.dayMicroUsd)} today`}
        </span>
      </div>
      <Meter status={status} />
      <form className="mt-3 flex flex-wrap items-end gap-3" onSubmit={submit}>
        <Amount name="Budget per day" value={day} isInvalid={dayMicroUsd === undefined} onChange={setDay} />
        <Amount
          name="Budget per month"
          value={monthly}
          isInvalid={monthMicroUsd === undefined}
          onChange={setMonthly}
        />
        <button
          type="submit"
          className="button ml-auto"
          disabled={!isChanged || !isReadable || save.isPending}
        >
          Save budget
        </button>
      </form>
      {!isReadable && (
        <p role="alert" className="mt-2 text-[12px] text-danger">
          Write a sum in dollars, such as 20 or 0.50, or leave it empty for no limit.
        </p>
      )}
      <UnknownPrices status={status} />
      {save.error !== null && (
        <div className="mt-2">
          <ErrorCard
            error={toWireError(save.error)}
            connectionId={connection.id}
            onRetry={() => save.mutate()}
          />
        </div>
      )}
    </li>
  );
}

/** A budget cannot hold what nobody knows the price of. */
function UnknownPrices({ status: { limit, month } }: { readonly status: BudgetStatus }) {
  const hasLimit = limit.dayMicroUsd !== null || limit.monthMicroUsd !== null;
  if (!hasLimit || month.unknownCount === 0) return null;
  return (
    <p className="mt-2 text-[12px] text-warn">
      {month.unknownCount === 1 ? 'One request' : `${month.unknownCount.toLocaleString('en')} requests`} of
      this month had no known price. For such models the budget cannot be enforced; set a price under Models.
    </p>
  );
}

/** The fuller of the two periods. */
function Meter({ status: { limit, today, month } }: { readonly status: BudgetStatus }) {
  if (limit.dayMicroUsd === null && limit.monthMicroUsd === null) return null;
  const shares = [
    limit.dayMicroUsd === null ? 0 : shareOf(today.costMicroUsd, limit.dayMicroUsd),
    limit.monthMicroUsd === null ? 0 : shareOf(month.costMicroUsd, limit.monthMicroUsd),
  ];
  const share = Math.min(1, Math.max(...shares));
  const tone = toneOf(limit, { today: today.costMicroUsd, month: month.costMicroUsd });
  return (
    <svg
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${Math.round(share * 100)} % of the budget is used`}
      className="mt-2 block h-1 w-full overflow-hidden rounded-full"
    >
      <rect width={100} height={4} className="fill-line" />
      <rect width={share * 100} height={4} className={barTone[tone]} />
    </svg>
  );
}

interface AmountProps {
  readonly name: string;
  readonly value: string;
  readonly isInvalid: boolean;
  readonly onChange: (value: string) => void;
}

function Amount({ name, value, isInvalid, onChange }: AmountProps) {
  const id = useId();
  return (
    <div className="w-[140px]">
      <label htmlFor={id} className="mb-1 block text-[12px] text-ink-2">
        {name}
      </label>
      <div className="relative">
        <span
          className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-ink-3"
          aria-hidden
        >
          $
        </span>
        <input
          id={id}
          className="field pl-6 tabular-nums"
          inputMode="decimal"
          placeholder="No limit"
          maxLength={16}
          value={value}
          aria-invalid={isInvalid}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
    </div>
  );
}
