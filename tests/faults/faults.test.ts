import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writeDocTable } from '../harness/faults/doc-table.ts';
import { FAULT_TIMING } from '../harness/faults/fault-world.ts';
import { renderReport } from '../harness/faults/render-table.ts';
import { CELLS, runMatrix } from '../harness/faults/run-matrix.ts';

/** The longest of the watchdog's limits and a second. */
const LIMIT_MS = FAULT_TIMING.noProgressMs + 1_000;
/** From Stop to the closed socket. */
const CLOSE_LIMIT_MS = 50;
const REPORT = fileURLToPath(new URL('../../out/test/faults.txt', import.meta.url));

// `npm run test:faults -- --write`
if (process.env['LATCHKEY_WRITE_FAULTS'] !== undefined) writeDocTable();

describe('the fault matrix', () => {
  it('ends every cell in its one right state, in time', async () => {
    const reports = await runMatrix(CELLS, LIMIT_MS);
    mkdirSync(fileURLToPath(new URL('../../out/test', import.meta.url)), { recursive: true });
    writeFileSync(REPORT, renderReport(reports));
    const wrong = reports
      .filter(({ problems }) => problems.length > 0)
      .map(
        ({ cell, problems }) =>
          `${cell.fault.name}, ${cell.fault.position}, ${cell.dialect}: ${problems.join('; ')}`,
      );
    expect(wrong).toEqual([]);
    expect(reports).toHaveLength(CELLS.length);
    const closed = reports.flatMap(({ closedAfterMs }) => closedAfterMs ?? []);
    expect(closed.length).toBeGreaterThan(0);
    expect(
      closed.toSorted((one, other) => one - other).at(Math.floor(closed.length / 2)),
    ).toBeLessThanOrEqual(CLOSE_LIMIT_MS);
  });
});
