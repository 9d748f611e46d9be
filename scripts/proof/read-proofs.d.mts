import type { Evidence } from './security-table.mjs';

export function readProofs(): Evidence;
export function collectProofs(reports: {
  readonly vitest: readonly unknown[];
  readonly playwright: readonly unknown[];
}): Evidence;
