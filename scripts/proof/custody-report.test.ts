import { describe, expect, it } from 'vitest';
import { custodyAttachment, formatCustodyTable, readCustodyRows } from './custody-report.mjs';

const row = { moment: 'while typed', place: 'ipc', searched: '6 messages', hits: 0 };
const attachment = (rows: unknown, name = custodyAttachment) => ({
  name,
  body: Buffer.from(JSON.stringify(rows)).toString('base64'),
});
const spec = (title: string, attachments: unknown[]) => ({ title, tests: [{ results: [{ attachments }] }] });

describe('readCustodyRows', () => {
  it('gathers the rows of every journey, however deep, and of nothing else', () => {
    const report = {
      suites: [
        {
          specs: [
            spec('typed', [attachment([row]), attachment([row], 'screenshot'), { name: custodyAttachment }]),
          ],
        },
        { specs: [], suites: [{ specs: [spec('pasted', [attachment([{ ...row, hits: 2 }])])] }] },
      ],
    };
    expect(readCustodyRows(report)).toEqual([
      { journey: 'typed', ...row },
      { journey: 'pasted', ...row, hits: 2 },
    ]);
  });
});

describe('formatCustodyTable', () => {
  it('lines up its columns and sums up', () => {
    const rows = [
      { journey: 'typed', ...row },
      { journey: 'a long journey', ...row, hits: 2 },
    ];
    const lines = formatCustodyTable(rows).trimEnd().split('\n');
    expect(new Set(lines.slice(0, 4).map(({ length }) => length)).size).toBe(1);
    expect(lines[3]).toContain('| a long journey | while typed | ipc   | 6 messages | 2    |');
    expect(lines.at(-1)).toBe('2 searches, 2 hits');
  });
});
