import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../contract/model/ledger.ts';
import { entriesToCsv } from './entries-to-csv.ts';

const id = '00000000-0000-4000-8000-000000000000';
const entry: LedgerEntry = {
  id,
  at: Date.UTC(2026, 10, 25, 12),
  day: '2026-11-25',
  purpose: 'title',
  connectionId: id,
  connectionLabel: 'work',
  keyId: null,
  keyLabel: null,
  model: 'm',
  conversationId: id,
  messageId: id,
  inputTokens: 1,
  cachedInputTokens: 2,
  cacheWriteTokens: 3,
  outputTokens: 4,
  reasoningTokens: 5,
  costMicroUsd: 12_345,
  isEstimated: false,
  price: null,
};

const lineOf = (change: Partial<LedgerEntry>): string =>
  entriesToCsv([{ ...entry, ...change }]).split('\r\n')[1] ?? '';

describe('entriesToCsv', () => {
  it('has a heading, one line per request, and ends with a line', () => {
    const csv = entriesToCsv([entry, entry]);
    expect(csv.split('\r\n')).toHaveLength(4);
    expect(csv.startsWith('time,day,connection,key,model,')).toBe(true);
    expect(entriesToCsv([]).split('\r\n')).toHaveLength(2);
  });

  it('writes every number as it is', () => {
    expect(lineOf({})).toBe(
      `2026-11-25T12:00:00.000Z,2026-11-25,work,,m,1,2,3,4,5,0.012345,no,unknown,,${id},${id},title`,
    );
  });

  it('leaves an unknown cost empty and writes a free one as zero', () => {
    expect(lineOf({ costMicroUsd: null })).toContain(',5,,no,');
    expect(lineOf({ costMicroUsd: 0, isEstimated: true })).toContain(',5,0.000000,yes,');
  });

  it.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=HYPERLINK("https://evil.example")', `"'=HYPERLINK(""https://evil.example"")"`],
    ['+1', `'+1`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\t=1', `'\t=1`],
  ])('keeps %j from being anything else', (model, cell) => {
    expect(lineOf({ model })).toContain(`,,${cell},1,`);
  });
});
