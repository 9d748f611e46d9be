import type { UsageReport } from '../../../electron/contract/model/ledger.ts';
import { describeSum, formatCost, formatSum } from '../../lib/money.ts';

type Row = UsageReport['breakdowns'][number]['rows'][number];

const WIDTH = 520;
const HEIGHT = 96;
const GAP = 3;
/** So that a day on which something was spent can be seen. */
const MIN_BAR = 2;

const dayFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

interface DayChartProps {
  /** As `2026-11`. */
  readonly month: string;
  readonly rows: readonly Row[];
}

/** A bar for every day of a month; the same as a table for whoever wants the numbers. */
export function DayChart({ month, rows }: DayChartProps) {
  const days = daysOf(month);
  const most = Math.max(1, ...rows.map(({ costMicroUsd }) => costMicroUsd));
  const step = WIDTH / days.length;
  return (
    <div>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT + 18}`}
        role="img"
        aria-label={`Cost by day, at most ${formatCost(most)}`}
        className="block w-full"
      >
        <line x1={0} x2={WIDTH} y1={HEIGHT + 0.5} y2={HEIGHT + 0.5} className="stroke-line" />
        {days.map((day, index) => {
          const row = rows.find(({ id }) => id === day);
          const height = row === undefined ? 0 : barHeight(row.costMicroUsd, most);
          return (
            <g key={day}>
              <rect x={index * step} y={0} width={step} height={HEIGHT} className="fill-transparent">
                <title>{row === undefined ? dayName(day) : `${dayName(day)}: ${formatSum(row)}`}</title>
              </rect>
              <rect
                x={index * step + GAP / 2}
                y={HEIGHT - height}
                width={step - GAP}
                height={height}
                rx={1.5}
                className="pointer-events-none fill-accent"
              />
              {isLabelled(index, days.length) && (
                <text
                  x={index * step + step / 2}
                  y={HEIGHT + 14}
                  textAnchor="middle"
                  className="fill-ink-3 text-[11px] tabular-nums"
                >
                  {index + 1}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <details className="mt-1 text-[12px]">
        <summary className="text-ink-3 hover:text-ink">Days as a table</summary>
        <DayTable rows={rows} />
      </details>
    </div>
  );
}

function DayTable({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <table className="selectable mt-1 w-full border-collapse leading-5">
      <thead className="text-left text-ink-3">
        <tr className="border-b border-line">
          <th className="py-1 pr-3 font-normal">Day</th>
          <th className="py-1 pr-3 text-right font-normal">Requests</th>
          <th className="py-1 text-right font-normal">Cost</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className="border-b border-line tabular-nums" title={describeSum(row)}>
            <td className="py-1 pr-3">{dayName(row.id)}</td>
            <td className="py-1 pr-3 text-right text-ink-2">{row.requestCount.toLocaleString('en')}</td>
            <td className="py-1 text-right">{formatSum(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function barHeight(cost: number, most: number): number {
  return cost === 0 ? 0 : Math.max(MIN_BAR, (cost / most) * HEIGHT);
}

function daysOf(month: string): readonly string[] {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
}

function dayName(day: string): string {
  return dayFormat.format(Date.parse(day));
}

/** The first, every fifth and the last day; not both of two neighbours. */
function isLabelled(index: number, count: number): boolean {
  const day = index + 1;
  return day === 1 || day === count || (day % 5 === 0 && count - day > 1);
}
