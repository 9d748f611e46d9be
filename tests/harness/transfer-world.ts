import path from 'node:path';
import type { ExportReport, ImportReport, TransferStatus } from '../../electron/contract/model/transfer.ts';
import { createTestCore, type TestCore, type TestCoreOptions } from './create-test-core.ts';

/** How a transfer ended. */
export type Outcome = (TransferStatus & { kind: 'ended' })['outcome'];

/** A core with an import and export, on files of a folder. */
export interface TransferWorld {
  readonly core: TestCore;
  readonly databaseFile: string;
  /** Picks these files in the dialog and waits for the end. */
  importFiles(...files: string[]): Promise<Outcome>;
  /** The report of an import that must succeed. */
  importWell(...files: string[]): Promise<ImportReport>;
  /** Exports all as JSON and waits for the end. */
  exportTo(file: string): Promise<Outcome>;
  exportWell(file: string): Promise<ExportReport>;
  /** Waits for the end of what has been started. */
  ended(): Promise<Outcome>;
}

/** Starts one in a folder; the profile is in it. */
export async function openTransferWorld(
  folder: string,
  options: Partial<TestCoreOptions> = {},
): Promise<TransferWorld> {
  const core = await createTestCore({ folder, ...options });
  const ended = async (): Promise<Outcome> => {
    const status = await core.get('transfer.status', {});
    if (status.kind === 'ended') return status.outcome;
    return new Promise((resolve) => {
      const stop = core.events.subscribe((event) => {
        if (event.name !== 'transfer.changed' || event.payload.kind !== 'ended') return;
        stop();
        resolve(event.payload.outcome);
      });
    });
  };
  const importFiles = async (...files: string[]): Promise<Outcome> => {
    core.desktop.importFiles = files;
    await core.get('transfer.import', {});
    return ended();
  };
  const exportTo = async (file: string): Promise<Outcome> => {
    core.desktop.exportTarget = file;
    await core.get('transfer.export', { form: 'json', conversationId: null });
    return ended();
  };
  return {
    core,
    databaseFile: path.join(folder, 'history.sqlite'),
    ended,
    importFiles,
    exportTo,
    importWell: async (...files) => reportOf('import', await importFiles(...files)),
    exportWell: async (file) => reportOf('export', await exportTo(file)),
  };
}

function reportOf<K extends 'import' | 'export'>(
  kind: K,
  outcome: Outcome,
): Extract<ImportReport | ExportReport, { readonly kind: K }> {
  if (outcome.kind !== 'done' || outcome.report.kind !== kind)
    throw new Error(`the ${kind} did not succeed: ${JSON.stringify(outcome)}`);
  // `as`: the kind was just compared.
  return outcome.report as Extract<ImportReport | ExportReport, { readonly kind: K }>;
}
