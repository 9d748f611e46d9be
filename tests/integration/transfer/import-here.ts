import { rmSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import type { ImportReport } from '../../../electron/contract/model/transfer.ts';
import type { HistoryDatabase } from '../../../electron/core/history/history-database.ts';
import { ImportStage } from '../../../electron/core/history/transfer/import-stage.ts';
import { FileImport } from '../../../electron/core/transfer/import-files.ts';
import { openSource } from '../../../electron/core/transfer/source/open-source.ts';
import type { TransferContext } from '../../../electron/core/transfer/transfer-context.ts';
import { NOW, toEnd } from '../history/history-lab.ts';

/** What a transfer works with, in this thread; what a test does not decide does nothing. */
export function contextOf(databaseFile: string, more: Partial<TransferContext> = {}): TransferContext {
  return {
    databaseFile,
    assertGoesOn: () => {},
    report: () => {},
    readFile: () => Promise.resolve(null),
    keep: () => Promise.reject(new Error('there are no files')),
    keepStoredPicture: () => Promise.resolve(null),
    keepPicture: () => Promise.resolve(null),
    ...more,
  };
}

/** How many rows of an import are in a history, hidden or not. */
export function countRows(databaseFile: string): Readonly<Record<string, number>> {
  const database = new DatabaseSync(databaseFile, { readOnly: true });
  try {
    const counts = ['conversations', 'messages', 'attachments'].map((table) => [
      table,
      Number(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count']),
    ]);
    return Object.fromEntries(counts) as Record<string, number>;
  } finally {
    database.close();
  }
}

/** Imports into an open database without another thread. */
export async function importHere(
  database: HistoryDatabase,
  databaseFile: string,
  files: readonly string[],
  more: Partial<TransferContext> = {},
): Promise<ImportReport> {
  const stageFile = `${databaseFile}.stage`;
  const source = await openSource(files);
  const stage = new ImportStage(stageFile, databaseFile);
  try {
    const report = await new FileImport(contextOf(databaseFile, more), { source, stage, now: NOW }).run();
    stage.finish();
    toEnd(database.mergeImport(stageFile));
    return report;
  } finally {
    stage.close();
    await source.close();
    rmSync(stageFile, { force: true });
  }
}
