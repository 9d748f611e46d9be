import { Tabs } from '@base-ui/react/tabs';
import type { Purpose, UsageReport } from '../../../electron/contract/model/ledger.ts';
import { describeSum, formatSum, formatTokens } from '../../lib/money.ts';

type Breakdown = UsageReport['breakdowns'][number];

const names: Readonly<Record<Breakdown['by'], string>> = {
  day: 'Day',
  model: 'Model',
  connection: 'Connection',
  key: 'Key',
  purpose: 'Purpose',
};

const purposes: Readonly<Record<Purpose, string>> = {
  answer: 'Answers',
  title: 'Titles',
  summary: 'Summaries',
};

/** The same money, divided by model, by connection, by key and by what it was for. */
export function UsageBreakdown({ breakdowns }: { readonly breakdowns: readonly Breakdown[] }) {
  return (
    <Tabs.Root defaultValue="model">
      <Tabs.List activateOnFocus aria-label="Divide by" className="flex gap-1 border-b border-line">
        {breakdowns.map(({ by }) => (
          <Tabs.Tab
            key={by}
            value={by}
            className="-mb-px h-8 border-b-2 border-transparent px-2.5 text-ink-3 hover:text-ink data-active:border-accent data-active:font-medium data-active:text-ink"
          >
            {names[by]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {breakdowns.map((breakdown) => (
        <Tabs.Panel key={breakdown.by} value={breakdown.by} className="pt-1">
          <Rows breakdown={breakdown} />
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}

function Rows({ breakdown: { by, rows } }: { readonly breakdown: Breakdown }) {
  const most = Math.max(1, ...rows.map(({ costMicroUsd }) => costMicroUsd));
  return (
    <table className="selectable w-full table-fixed border-collapse text-[12px] leading-5">
      <thead className="text-left text-ink-3">
        <tr className="border-b border-line">
          <th className="py-1 pr-3 font-normal">{names[by]}</th>
          <th className="w-[84px] py-1 pr-3 text-right font-normal">Requests</th>
          <th className="w-[84px] py-1 pr-3 text-right font-normal">Tokens</th>
          <th className="w-[112px] py-1 text-right font-normal">Cost</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className="border-b border-line tabular-nums" title={describeSum(row)}>
            <td className="py-1.5 pr-3">
              <span className="block truncate text-[13px]">{labelOf(by, row.label)}</span>
              <svg
                viewBox="0 0 100 3"
                preserveAspectRatio="none"
                className="mt-0.5 block h-[3px] w-full"
                aria-hidden
              >
                <rect width={(row.costMicroUsd / most) * 100} height={3} rx={1} className="fill-accent" />
              </svg>
            </td>
            <td className="py-1.5 pr-3 text-right text-ink-2">{row.requestCount.toLocaleString('en')}</td>
            <td className="py-1.5 pr-3 text-right text-ink-2">
              {formatTokens(row.inputTokens + row.outputTokens)}
            </td>
            <td className="py-1.5 text-right">{formatSum(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function labelOf(by: Breakdown['by'], label: string): string {
  // `as`: main names a purpose by its own word.
  if (by === 'purpose') return purposes[label as Purpose] ?? label;
  if (label !== '') return label;
  return by === 'key' ? 'No key' : 'No name';
}
