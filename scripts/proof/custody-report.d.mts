export interface CustodyRow {
  readonly journey: string;
  readonly moment: string;
  readonly place: string;
  readonly searched: string;
  readonly hits: number;
}

export const custodyAttachment: string;
export function readCustodyRows(report: unknown): readonly CustodyRow[];
export function writeCustodyReport(reportFile: string, outputFile: string): string;
export function formatCustodyTable(rows: readonly CustodyRow[]): string;
