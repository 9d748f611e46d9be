import { openFaultWorld, type Cell } from './fault-world.ts';
import { FAULTS } from './fault-table.ts';
import { runCell, type CellReport } from './run-cell.ts';

/** How many cells run at once: most of them only wait. */
const CONCURRENCY = 4;

/** Every cell of the matrix. */
export const CELLS: readonly Cell[] = FAULTS.flatMap((fault) =>
  fault.dialects.map((dialect) => ({ fault, dialect })),
);

/** Runs cells side by side on one core, then makes sure that nothing came after an end. */
export async function runMatrix(cells: readonly Cell[], limitMs: number): Promise<readonly CellReport[]> {
  const world = await openFaultWorld();
  try {
    const reports: CellReport[] = [];
    const queue = [...cells];
    const work = async (): Promise<void> => {
      for (let cell = queue.shift(); cell !== undefined; cell = queue.shift())
        reports.push(await runCell(world, cell, limitMs));
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    const ends = world.app.events.of('chat.ended').map(({ streamId }) => streamId);
    if (new Set(ends).size !== ends.length) throw new Error('a stream ended twice');
    if (world.strayRequests() > 0) throw new Error('a redirect was followed');
    return cells.flatMap((cell) => reports.filter((report) => report.cell === cell));
  } finally {
    await world.close();
  }
}
