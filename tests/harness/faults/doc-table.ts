import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAULTS } from './fault-table.ts';
import { renderDocTable } from './render-table.ts';

const FILE = fileURLToPath(new URL('../../../docs/chat-outcomes.md', import.meta.url));
const BEGIN = '<!-- the fault matrix, written by npm run test:faults -- --write -->\n\n';
const END = '\n\n<!-- end of the fault matrix -->';

/** The table as it stands in docs/chat-outcomes.md, and as it should. */
export function readDocTable(): { readonly found: string; readonly expected: string } {
  const { table } = split();
  return { found: table, expected: renderDocTable(FAULTS) };
}

/** Puts the table into docs/chat-outcomes.md. */
export function writeDocTable(): void {
  const { before, after } = split();
  writeFileSync(FILE, before + renderDocTable(FAULTS) + after);
}

function split(): { readonly before: string; readonly table: string; readonly after: string } {
  const text = readFileSync(FILE, 'utf8');
  const begin = text.indexOf(BEGIN) + BEGIN.length;
  const end = text.indexOf(END);
  if (begin < BEGIN.length || end < begin)
    throw new Error('docs/chat-outcomes.md has no place for the table');
  return { before: text.slice(0, begin), table: text.slice(begin, end), after: text.slice(end) };
}
