import { describe, expect, it } from 'vitest';
import type { ImportReport, TransferStatus } from '../../electron/contract/model/transfer.ts';
import {
  describeFailure,
  describeOutcome,
  describeProgress,
  describeRemarks,
  reportToText,
} from './describe-transfer.ts';

const REPORT: ImportReport = {
  kind: 'import',
  importedCount: 1,
  messageCount: 4,
  alreadyHereCount: 0,
  emptyCount: 0,
  failureCount: 0,
  failures: [],
  leftOutMessageCount: 0,
  leftOutFileCount: 0,
};

function ended(
  outcome: (TransferStatus & { kind: 'ended' })['outcome'],
  task: 'import' | 'export' = 'import',
): TransferStatus & { kind: 'ended' } {
  return { kind: 'ended', task, endedAt: 0, outcome };
}

describe('how a transfer ended', () => {
  it.each<[string, TransferStatus & { kind: 'ended' }]>([
    ['Imported 1 conversation.', ended({ kind: 'done', report: REPORT })],
    [
      'Imported 1,200 conversations, 3 already here, 2 failed.',
      ended({
        kind: 'done',
        report: { ...REPORT, importedCount: 1_200, alreadyHereCount: 3, failureCount: 2 },
      }),
    ],
    [
      'Exported 2 conversations to a.json.',
      ended({
        kind: 'done',
        report: {
          kind: 'export',
          conversationCount: 2,
          messageCount: 5,
          missingFileCount: 0,
          name: 'a.json',
        },
      }),
    ],
    ['Import cancelled. Nothing was imported.', ended({ kind: 'cancelled' })],
    ['Export cancelled. Nothing was written.', ended({ kind: 'cancelled' }, 'export')],
    [
      'This archive is not safe.',
      ended({ kind: 'failed', error: { code: 'transfer/unsafe-archive', message: '', details: {} } }),
    ],
  ])('is said as %j', (sentence, status) => {
    expect(describeOutcome(status)).toBe(sentence);
  });

  it('names what was left out, and each item that failed', () => {
    const report: ImportReport = {
      ...REPORT,
      emptyCount: 1,
      leftOutMessageCount: 2,
      leftOutFileCount: 1,
      failureCount: 2,
      failures: [
        { kind: 'conversation', number: 3, document: '', title: 'A', problem: 'syntax' },
        { kind: 'file', number: 1, document: 'b.json', title: null, problem: 'too-large' },
      ],
    };
    expect(describeRemarks(report)).toEqual([
      '1 conversation had no messages.',
      '2 messages of a kind that Latchkey does not know are left out.',
      '1 picture or file is not in what you chose, or cannot be used.',
    ]);
    expect(report.failures.map(describeFailure)).toEqual([
      'Item 3 “A” is damaged.',
      'File 1 of b.json is too large.',
    ]);
    expect(reportToText(ended({ kind: 'done', report })).split('\n')).toHaveLength(6);
  });

  it('says how far it is', () => {
    const at = { phase: 'reading', unit: 'bytes', done: 5e6, total: 10e6 } as const;
    expect(describeProgress(at)).toBe('5 MB of 10 MB');
    expect(describeProgress({ ...at, total: 0 })).toBe('Beginning');
    expect(describeProgress({ phase: 'writing', unit: 'conversations', done: 1_000, total: 1 })).toBe(
      '1,000 of 1 conversation',
    );
    expect(describeProgress({ ...at, phase: 'saving' })).toContain('Saving');
  });
});
