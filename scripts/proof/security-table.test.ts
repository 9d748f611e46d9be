import { describe, expect, it } from 'vitest';
import { checklist, promises } from './promises.mjs';
import { findGaps, formatTables, isSecurityPageCurrent, type Evidence } from './security-table.mjs';

const ids = [...promises.map(({ id }) => id), ...checklist.map((_item, index) => `electron-${index + 1}`)];
const whole: Evidence = {
  proofs: ids.map((promise) => ({
    promise,
    file: 'tests/a.spec.ts',
    title: `shows ${promise}`,
    isPassed: true,
  })),
  fuses: [
    ['RunAsNode', 'DISABLE'],
    ['WasmTrapHandlers', 'ENABLE'],
  ],
};

describe('findGaps', () => {
  it('is content with a proof for every promise and every item', () => {
    expect(findGaps(whole)).toEqual([]);
  });

  it.each(ids)('misses the proof of %s', (id) => {
    const proofs = whole.proofs.filter(({ promise }) => promise !== id);
    expect(findGaps({ ...whole, proofs })).toEqual([`no test proves ${id}`]);
  });

  it('names a proof that failed, a promise nobody made, and fuses that were not read', () => {
    const proofs = [
      ...whole.proofs,
      { promise: 'no-get', file: 'tests/b.spec.ts', title: 'is red', isPassed: false },
      { promise: 'eternal-life', file: 'tests/c.spec.ts', title: 'is odd', isPassed: true },
    ];
    expect(findGaps({ proofs, fuses: [] })).toEqual([
      'tests/c.spec.ts proves eternal-life, which nobody promised',
      'failed: tests/b.spec.ts: is red',
      'no fuse was read',
    ]);
  });
});

describe('formatTables', () => {
  it('has a row for every promise, item and fuse, with tests and result', () => {
    const text = formatTables(whole);
    for (const { id, says } of promises)
      expect(text).toContain(`| ${says} | \`tests/a.spec.ts\`: shows ${id} | 1 passed |`);
    for (const [index, item] of checklist.entries()) expect(text).toContain(`| ${index + 1}. ${item} | `);
    expect(text).toContain("Electron's checklist: 20/20");
    expect(text).toContain('| RunAsNode | disabled |');
  });

  it('is the same on a runtime that lacks the newest fuse', () => {
    expect(formatTables({ ...whole, fuses: [['RunAsNode', 'DISABLE']] })).toBe(formatTables(whole));
  });

  it('tells what failed, and takes a title for text', () => {
    const proofs = [{ promise: 'electron-3', file: 'a.ts', title: 'a | b <br> `c`', isPassed: false }];
    const text = formatTables({ ...whole, proofs });
    expect(text).toContain('`a.ts`: a \\| b \\<br\\> \\`c\\` | 0 of 1 passed |');
    expect(text).toContain("Electron's checklist: 0/20");
  });
});

describe('docs/security.md', () => {
  it('is not taken for current when the evidence is another', async () => {
    expect(await isSecurityPageCurrent(whole)).toBe(false);
  });
});
