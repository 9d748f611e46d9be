import type { LedgerEntry } from '../../contract/model/ledger.ts';
import { decimalUsd } from './format-usd.ts';

type Cell = string | number | null;

const COLUMNS: readonly (readonly [name: string, cell: (entry: LedgerEntry) => Cell])[] = [
  ['time', ({ at }) => new Date(at).toISOString()],
  ['day', ({ day }) => day],
  ['connection', ({ connectionLabel }) => connectionLabel],
  ['key', ({ keyLabel }) => keyLabel],
  ['model', ({ model }) => model],
  ['input_tokens', ({ inputTokens }) => inputTokens],
  ['cached_input_tokens', ({ cachedInputTokens }) => cachedInputTokens],
  ['cache_write_tokens', ({ cacheWriteTokens }) => cacheWriteTokens],
  ['output_tokens', ({ outputTokens }) => outputTokens],
  ['reasoning_tokens', ({ reasoningTokens }) => reasoningTokens],
  // Empty, not zero, when the price was unknown.
  ['cost_usd', ({ costMicroUsd }) => (costMicroUsd === null ? null : decimalUsd(costMicroUsd))],
  ['estimated', ({ isEstimated }) => (isEstimated ? 'yes' : 'no')],
  ['price_origin', ({ price }) => price?.origin ?? 'unknown'],
  ['price_read_on', ({ price }) => price?.readOn ?? null],
  ['conversation_id', ({ conversationId }) => conversationId],
  ['message_id', ({ messageId }) => messageId],
  ['purpose', ({ purpose }) => purpose],
];

/** All requests as CSV (RFC 4180), a heading first. */
export function entriesToCsv(entries: readonly LedgerEntry[]): string {
  const rows = [
    COLUMNS.map(([name]) => name),
    ...entries.map((entry) => COLUMNS.map(([, cell]) => escape(cell(entry)))),
  ];
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}

/** Labels are a person's and models a server's: a spreadsheet must not take one for a formula. */
function escape(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
