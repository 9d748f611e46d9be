import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { CostSum, UsageReport } from '../../../electron/contract/model/ledger.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { counted, describeSum, formatSum, formatTokens } from '../../lib/money.ts';
import { reportQuery } from '../../lib/queries.ts';
import { Budgets } from './budgets.tsx';
import { CostSettings } from './cost-settings.tsx';
import { DayChart } from './day-chart.tsx';
import { UsageBreakdown } from './usage-breakdown.tsx';

const monthFormat = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** What was spent, on what, and how much may be. */
export function UsageTab() {
  const [month, setMonth] = useState<string | null>(null);
  const report = useQuery(reportQuery(month));
  return (
    <div className="flex flex-col gap-7">
      {report.error !== null && (
        <ErrorCard
          error={toWireError(report.error)}
          connectionId={null}
          onRetry={() => void report.refetch()}
        />
      )}
      {report.data !== undefined && <Report report={report.data} onMonth={setMonth} />}
      <Section title="Budgets">
        <Budgets />
      </Section>
      <Section title="Before sending">
        <CostSettings />
      </Section>
    </div>
  );
}

interface ReportProps {
  readonly report: UsageReport;
  readonly onMonth: (month: string) => void;
}

function Report({ report, onMonth }: ReportProps) {
  const { month, months, today, total, allTime, breakdowns } = report;
  const days = breakdowns.find(({ by }) => by === 'day')?.rows ?? [];
  return (
    <section aria-label="Spending" className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <select
          className="picker -ml-2 font-semibold text-ink"
          aria-label="Month"
          value={month}
          onChange={(event) => onMonth(event.target.value)}
        >
          {months.map((each) => (
            <option key={each} value={each}>
              {monthFormat.format(Date.parse(`${each}-01`))}
            </option>
          ))}
        </select>
        <ExportButton isDisabled={allTime.requestCount === 0} />
      </div>
      <dl className="grid grid-cols-3 divide-x divide-line rounded-[10px] border border-line bg-canvas max-[520px]:grid-cols-1 max-[520px]:divide-x-0 max-[520px]:divide-y">
        <Figure name={month === months[0] ? 'This month' : 'Month'} sum={total} />
        <Figure name="Today" sum={today} />
        <Figure name="All time" sum={allTime} />
      </dl>
      {total.requestCount === 0 ? (
        <p className="text-ink-3">
          {allTime.requestCount === 0
            ? 'Nothing was asked yet. What an answer costs will stand here, and stay when its conversation is deleted.'
            : 'Nothing was asked in this month.'}
        </p>
      ) : (
        <>
          <DayChart month={month} rows={days} />
          <UsageBreakdown breakdowns={breakdowns.filter(({ by }) => by !== 'day')} />
          <Footnote sum={total} />
        </>
      )}
    </section>
  );
}

function Figure({ name, sum }: { readonly name: string; readonly sum: CostSum }) {
  return (
    <div className="min-w-0 px-4 py-3" title={describeSum(sum)}>
      <dt className="text-[12px] text-ink-3">{name}</dt>
      <dd className="selectable">
        <span className="block truncate text-[20px] leading-7 font-semibold tracking-[-0.01em] tabular-nums">
          {formatSum(sum)}
        </span>
        <span className="block truncate text-[12px] text-ink-3 tabular-nums">
          {counted(sum.requestCount, 'request')}, {formatTokens(sum.inputTokens + sum.outputTokens)}
        </span>
      </dd>
    </div>
  );
}

function Footnote({ sum }: { readonly sum: CostSum }) {
  const notes = [
    sum.estimatedCount > 0
      ? '≈ The provider reported no count for some answers, such as stopped ones: these are estimated.'
      : '',
    sum.unknownCount > 0
      ? '≥ Some models have no known price and are not in the sums. You can set one under Models.'
      : '',
    'Reckoned from list prices; the bill of your provider is what counts.',
  ];
  return (
    <ul className="text-[12px] leading-[18px] text-ink-3">
      {notes
        .filter((note) => note !== '')
        .map((note) => (
          <li key={note}>{note}</li>
        ))}
    </ul>
  );
}

function ExportButton({ isDisabled }: { readonly isDisabled: boolean }) {
  const save = useMutation({ mutationFn: () => request('ledger.export', {}) });
  return (
    <div className="flex items-center gap-3">
      <span role="status" aria-label="Export" className="text-[12px] text-ink-3">
        {save.data?.outcome === 'saved' && 'Saved'}
        {save.error !== null && <span className="text-danger">Could not be saved</span>}
      </span>
      <button
        type="button"
        className="button button-small"
        disabled={isDisabled || save.isPending}
        onClick={() => save.mutate()}
      >
        Export CSV
      </button>
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3 border-t border-line pt-5">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}
