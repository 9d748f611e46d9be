import type {
  ExportReport,
  ImportReport,
  ItemFailure,
  ItemProblem,
  TransferProgress,
  TransferStatus,
} from '../../electron/contract/model/transfer.ts';
import { assertNever } from './assert-never.ts';
import { describeError } from './describe-error.ts';
import { formatBytes } from './format.ts';

const PROBLEMS: Readonly<Record<ItemProblem, string>> = {
  syntax: 'is damaged',
  'not-utf8': 'holds bytes that are no text',
  'wrong-shape': 'has parts that are missing or not as expected',
  'no-messages': 'has no messages',
  'broken-tree': 'has messages that do not belong together',
  'too-large': 'is too large',
  'too-deep': 'is nested too deeply',
  'ended-early': 'is where the file ends too early',
};

/** How a transfer ended, in one sentence. */
export function describeOutcome({ task, outcome }: TransferStatus & { readonly kind: 'ended' }): string {
  switch (outcome.kind) {
    case 'done':
      return outcome.report.kind === 'import'
        ? describeImport(outcome.report)
        : describeExport(outcome.report);
    case 'cancelled':
      return task === 'import'
        ? 'Import cancelled. Nothing was imported.'
        : 'Export cancelled. Nothing was written.';
    case 'failed': {
      const { title } = describeError(outcome.error);
      return `${title}.`;
    }
    default:
      return assertNever(outcome);
  }
}

function describeImport({ importedCount, alreadyHereCount, failureCount }: ImportReport): string {
  const parts = [`Imported ${count(importedCount, 'conversation')}`];
  if (alreadyHereCount > 0) parts.push(`${number(alreadyHereCount)} already here`);
  if (failureCount > 0) parts.push(`${number(failureCount)} failed`);
  return `${parts.join(', ')}.`;
}

function describeExport({ conversationCount, name }: ExportReport): string {
  return `Exported ${count(conversationCount, 'conversation')} to ${name}.`;
}

/** What else there is to say about a transfer that went well, a sentence each. */
export function describeRemarks(report: ImportReport | ExportReport): string[] {
  if (report.kind === 'export') {
    const { missingFileCount } = report;
    return missingFileCount === 0
      ? []
      : [`${count(missingFileCount, 'file')} could not be read and ${isOrAre(missingFileCount)} not in it.`];
  }
  const { emptyCount, leftOutMessageCount, leftOutFileCount } = report;
  return [
    emptyCount === 0 ? '' : `${count(emptyCount, 'conversation')} had no messages.`,
    leftOutMessageCount === 0
      ? ''
      : `${count(leftOutMessageCount, 'message')} of a kind that Latchkey does not know ${isOrAre(leftOutMessageCount)} left out.`,
    leftOutFileCount === 0
      ? ''
      : `${count(leftOutFileCount, 'picture or file', 'pictures or files')} ${isOrAre(leftOutFileCount)} not in what you chose, or cannot be used.`,
  ].filter((remark) => remark !== '');
}

/** An item that failed, in one line. */
export function describeFailure({ kind, number: place, document, title, problem }: ItemFailure): string {
  const what = kind === 'file' ? 'File' : 'Item';
  const name = title === null ? '' : ` “${title}”`;
  const where = document === '' ? '' : ` of ${document}`;
  return `${what} ${number(place)}${where}${name} ${PROBLEMS[problem]}.`;
}

/** All of it as text, to be copied. */
export function reportToText(status: TransferStatus & { readonly kind: 'ended' }): string {
  const { outcome } = status;
  const lines = [describeOutcome(status)];
  if (outcome.kind === 'done') {
    lines.push(...describeRemarks(outcome.report));
    if (outcome.report.kind === 'import') lines.push(...outcome.report.failures.map(describeFailure));
  }
  return lines.join('\n');
}

/** How far it is, in words. */
export function describeProgress({ phase, unit, done, total }: TransferProgress): string {
  if (phase === 'saving') return 'Saving. This takes a moment.';
  if (total === 0) return 'Beginning';
  return unit === 'bytes'
    ? `${formatBytes(done)} of ${formatBytes(total)}`
    : `${number(done)} of ${count(total, 'conversation')}`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

function isOrAre(value: number): string {
  return value === 1 ? 'is' : 'are';
}
