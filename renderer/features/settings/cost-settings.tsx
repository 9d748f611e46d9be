import { useQuery } from '@tanstack/react-query';
import { formatLimit } from '../../lib/money.ts';
import { changeSettings, settingsQuery } from '../../lib/queries.ts';

const thresholds = [100_000, 250_000, 500_000, 1_000_000, 5_000_000] as const;

/** What is asked about before it is sent, and what is let through. */
export function CostSettings() {
  const settings = useQuery(settingsQuery).data;
  if (settings === undefined) return null;
  const { confirmCostAboveMicroUsd: threshold, allowsUnknownPrices } = settings;
  const choices = [...new Set<number>([...thresholds, ...(threshold === null ? [] : [threshold])])];
  return (
    <div className="flex flex-col gap-3">
      <label className="flex flex-wrap items-center justify-between gap-3">
        <span>Ask before a request that may cost more than</span>
        <select
          className="field w-[120px]"
          aria-label="Ask above"
          value={threshold ?? 'never'}
          onChange={(event) =>
            change({
              confirmCostAboveMicroUsd: event.target.value === 'never' ? null : Number(event.target.value),
            })
          }
        >
          {choices
            .toSorted((a, b) => a - b)
            .map((choice) => (
              <option key={choice} value={choice}>
                {formatLimit(choice)}
              </option>
            ))}
          <option value="never">Never ask</option>
        </select>
      </label>
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          className="mt-0.5 size-4 accent-[var(--accent)]"
          checked={allowsUnknownPrices}
          onChange={(event) => change({ allowsUnknownPrices: event.target.checked })}
        />
        <span>
          Allow models of unknown price where there is a budget
          <span className="block text-[12px] text-ink-3">
            Their cost counts as unknown, so the budget does not hold for them.
          </span>
        </span>
      </label>
    </div>
  );
}

function change(patch: Parameters<typeof changeSettings>[0]): void {
  // The controls keep showing what main has when it could not be changed.
  changeSettings(patch).catch(() => undefined);
}
