import type { TransferFigure, TransferFigures } from './measure-transfers.ts';

/** Most memory that an import or export may take above what the idle process has: 300 MB. */
export const MAX_OVER_IDLE_BYTES = 300e6;

/** What is not as it was promised, as sentences. */
export function findProblems({ figures, isIdentical }: TransferFigures): string[] {
  const problems = isIdentical ? [] : ['the second export is not identical with the first'];
  for (const { what, result } of figures) {
    if (result.outcome.kind !== 'done') problems.push(`${what}: ${JSON.stringify(result.outcome)}`);
    if (!result.isProgressGrowing || result.progressCount < 3) problems.push(`${what}: no growing progress`);
    if (overIdle(result) > MAX_OVER_IDLE_BYTES) problems.push(`${what}: too much memory`);
  }
  return problems;
}

/** The figures as a table for people. */
export function renderFigures(all: TransferFigures): string {
  const rows = all.figures.map(toRow);
  const head = [
    '',
    'conversations',
    'messages',
    'already here',
    'failed',
    'MB',
    'seconds',
    'MB over idle',
    'longest wait',
    'progress',
  ];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = [head, ...rows].map((row) =>
    row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '),
  );
  return `${lines.join('\n')}\nidentical: ${all.isIdentical ? 'yes' : 'NO'}\n`;
}

function toRow({ what, bytes, result }: TransferFigure): string[] {
  const report = result.outcome.kind === 'done' ? result.outcome.report : null;
  const counts =
    report === null
      ? [result.outcome.kind, '', '', '']
      : report.kind === 'import'
        ? [report.importedCount, report.messageCount, report.alreadyHereCount, report.failureCount]
        : [report.conversationCount, report.messageCount, '', ''];
  const figures = [bytes / 1e6, result.seconds, overIdle(result) / 1e6].map((figure) => figure.toFixed(1));
  return [
    what,
    ...counts.map((count) => count.toLocaleString('en')),
    ...figures,
    `${Math.round(result.longestWaitMs)} ms`,
    `${result.progressCount} steps`,
  ];
}

function overIdle({
  peakBytes,
  idleBytes,
}: {
  readonly peakBytes: number;
  readonly idleBytes: number;
}): number {
  return peakBytes - idleBytes;
}
