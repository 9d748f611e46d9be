import { POSITIONS, type Position } from './exchange.ts';
import type { Fault } from './fault-table.ts';
import type { CellReport } from './run-cell.ts';
import { HALF_TEXT, WHOLE_TEXT } from './wire.ts';

const DIALECTS = { responses: 'Responses', 'chat-completions': 'Chat' } as const;

/** The table in docs/chat-outcomes.md: one line per fault and outcome, with the places it holds for. */
export function renderDocTable(faults: readonly Fault[]): string {
  const lines = new Map<string, { readonly fault: Fault; readonly positions: Position[] }>();
  for (const fault of faults) {
    const key = JSON.stringify([fault.name, fault.state, fault.code, fault.requests, fault.dialects]);
    const line = lines.get(key) ?? { fault, positions: [] };
    line.positions.push(fault.position);
    lines.set(key, line);
  }
  const cells = [...lines.values()].map(({ fault, positions }) => [
    fault.name,
    POSITIONS.filter((position) => positions.includes(position)).join(', '),
    fault.dialects.map((dialect) => DIALECTS[dialect]).join(', '),
    `\`${fault.state}\``,
    fault.code === null ? '' : `\`${fault.code}\``,
    String(fault.requests),
  ]);
  return renderMarkdown(['what happens', 'where', 'API', 'ends as', 'error', 'requests'], cells);
}

/** What a run found, one line per cell, with the sums last. */
export function renderReport(reports: readonly CellReport[]): string {
  const cells = reports.map(({ cell: { fault, dialect }, problems, tookMs, closedAfterMs }) => [
    problems.length === 0 ? 'ok' : 'WRONG',
    fault.name.replaceAll('`', ''),
    fault.position,
    DIALECTS[dialect],
    fault.state,
    fault.code ?? '',
    String(fault.requests),
    keptOf(fault.text),
    `${tookMs} ms`,
    [...problems, closedAfterMs === null ? '' : `socket closed after ${closedAfterMs} ms`].join('; '),
  ]);
  const head = ['', 'fault', 'where', 'API', 'ends as', 'error', 'req', 'kept', 'took', ''];
  const right = reports.filter(({ problems }) => problems.length === 0).length;
  const names = new Set(reports.map(({ cell }) => cell.fault.name)).size;
  const share = ((100 * right) / reports.length).toFixed(1);
  return [
    renderColumns([head, ...cells]),
    '',
    `${names} faults, ${reports.length} cells, ${right} right (${share} %)`,
    '',
  ].join('\n');
}

function keptOf(text: string): string {
  if (text === '') return 'none';
  if (text === WHOLE_TEXT) return 'all';
  return text === HALF_TEXT ? 'half' : 'part';
}

function renderMarkdown(head: readonly string[], cells: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  const line = (parts: readonly string[]): string =>
    `| ${parts.map((part, column) => part.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

function renderColumns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_title, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((part, column) => part.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
