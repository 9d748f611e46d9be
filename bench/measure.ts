import { readFileSync } from 'node:fs';

/** One line of a benchmark: a figure of ours beside a baseline of the same run. */
export interface BenchRow {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly baseline: number;
  /** What the baseline is. */
  readonly against: string;
  /** What is judged: `ours` itself, or its ratio to the baseline. Both at most. */
  readonly goal: { readonly of: 'ours' | 'ratio'; readonly max: number } | null;
}

/** What `bench/NAME.bench.ts` exports as `bench`. */
export type Bench = (options: {
  readonly rounds: number;
  readonly say: (text: string) => void;
}) => Promise<readonly BenchRow[]>;

/** CPU time of this process for one call, all its threads included, in milliseconds. */
export async function cpuMs(action: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Bytes this process handed to write calls so far; Linux only. */
export function bytesWritten(): number {
  const match = /^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'));
  return Number(match?.[1] ?? Number.NaN);
}

/** Runs all contestants once per round, in turn, so that a busy moment hits all of them; returns the medians. */
export async function interleave<N extends string>(
  rounds: number,
  contestants: Readonly<Record<N, () => Promise<number> | number>>,
): Promise<Record<N, number>> {
  const names = Object.keys(contestants) as N[];
  const measured = new Map<N, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    // The order turns around each time: whoever comes second may find warm caches.
    for (const name of round % 2 === 0 ? names : names.toReversed())
      measured.get(name)?.push(await contestants[name]());
  }
  return Object.fromEntries(names.map((name) => [name, quantile(measured.get(name) ?? [], 0.5)])) as Record<
    N,
    number
  >;
}

/** The value below which so much of the list lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
