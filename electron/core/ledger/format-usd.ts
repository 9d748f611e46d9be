/** Dollars for a sentence: "$0.0123", "$3.10", "$1,234.50". Never "$0.00" for what is not nothing. */
export function formatUsd(microUsd: number): string {
  if (microUsd > 0 && microUsd < 100) return 'less than $0.0001';
  const digits = microUsd % 1_000_000 !== 0 && microUsd < 100_000 ? 4 : 2;
  return `$${(microUsd / 1_000_000).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: digits })}`;
}

/** Dollars for a machine, exact: "0.012345". */
export function decimalUsd(microUsd: number): string {
  const digits = String(microUsd).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
