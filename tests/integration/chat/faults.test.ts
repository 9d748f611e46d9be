import { describe, expect, it } from 'vitest';
import { readDocTable } from '../../harness/faults/doc-table.ts';
import { CELLS, runMatrix } from '../../harness/faults/run-matrix.ts';

/** Whether an end comes at all; how soon is judged by `npm run test:faults`, on a machine that does nothing else. */
const LIMIT_MS = 20_000;

/** Each fault once: the middle where it has one, in alternating dialects. `npm run test:faults` runs them all. */
const SLICE = [...new Set(CELLS.map(({ fault }) => fault.name))].flatMap((name, index) => {
  const cells = CELLS.filter(({ fault }) => fault.name === name);
  const middle = cells.filter(({ fault }) => fault.position === 'middle');
  const choice = middle.length > 0 ? middle : cells;
  return choice[index % choice.length] ?? [];
});

describe('docs/chat-outcomes.md', () => {
  it('shows the table the matrix is tested against', () => {
    const { found, expected } = readDocTable();
    expect(found).toBe(expected);
  });
});

describe('a fault', () => {
  it('ends in exactly the state the table names, with the text that was sent', async () => {
    const reports = await runMatrix(SLICE, LIMIT_MS);
    const wrong = reports
      .filter(({ problems }) => problems.length > 0)
      .map(
        ({ cell, problems }) =>
          `${cell.fault.name}, ${cell.fault.position}, ${cell.dialect}: ${problems.join('; ')}`,
      );
    expect(wrong).toEqual([]);
    expect(reports).toHaveLength(SLICE.length);
  });
});
