import { readFileSync, writeFileSync } from 'node:fs';

/** The name under which a custody test attaches its rows to the runner's report. */
export const custodyAttachment = 'custody-rows';

/** All rows of a custody run, `{ journey, moment, place, searched, hits }`, out of the runner's JSON report. */
export function readCustodyRows(report) {
  return report.suites.flatMap(rowsOfSuite);
}

/** Writes the rows as JSON and returns them as one table with their sum. */
export function writeCustodyReport(reportFile, outputFile) {
  const rows = readCustodyRows(JSON.parse(readFileSync(reportFile, 'utf8')));
  writeFileSync(outputFile, `${JSON.stringify(rows, undefined, 2)}\n`);
  return formatCustodyTable(rows);
}

/** The rows as a table for a terminal. */
export function formatCustodyTable(rows) {
  const header = { journey: 'journey', moment: 'moment', place: 'place', searched: 'searched', hits: 'hits' };
  const columns = Object.keys(header);
  const widths = columns.map((column) =>
    Math.max(...[header, ...rows].map((row) => String(row[column]).length)),
  );
  const line = (row) =>
    `| ${columns.map((column, index) => String(row[column]).padEnd(widths[index])).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const hits = rows.reduce((sum, row) => sum + row.hits, 0);
  return [line(header), rule, ...rows.map(line), '', `${rows.length} searches, ${hits} hits`, ''].join('\n');
}

function rowsOfSuite(suite) {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.flatMap((test) =>
      test.results.flatMap((result) =>
        result.attachments
          .filter(({ name, body }) => name === custodyAttachment && body)
          .flatMap(({ body }) =>
            JSON.parse(Buffer.from(body, 'base64').toString('utf8')).map((row) => ({
              journey: spec.title,
              ...row,
            })),
          ),
      ),
    ),
  );
  return [...own, ...(suite.suites ?? []).flatMap(rowsOfSuite)];
}
